import buttonStyles from '@/components/Button.module.css'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRightLeft, Plus } from 'lucide-react'
import styles from './DependenciesPage.module.css'
import { DependencyFilters } from './DependencyFilters'
import { DependencyList } from './DependencyList'
import { DependencyMapView } from './DependencyMapView'
import { dependenciesQuery, type ListedDependency } from './dependencyQueries'
import { type DependencySearch, matches } from './dependencySearch'
import { useDefinitionRefusal } from './permission'

interface DependenciesPageProps {
  search: DependencySearch
  onChange: (search: DependencySearch) => void
}

/** More on one map would be a knot. */
const mostOnMap = 60

/** What waits for what across orchestrators, as a map and as a list. */
export function DependenciesPage(props: DependenciesPageProps) {
  const { data, error, refetch } = useQuery(dependenciesQuery)
  return (
    <>
      <title>Dependencies · Podium</title>
      <PageHeading
        title="Dependencies"
        under="What starts once pipelines in other systems have done their part."
        actions={<NewLink />}
      />
      {data && <All dependencies={data} {...props} />}
      {!data && error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={5} height={4} label="dependencies" />}
    </>
  )
}

function All({
  dependencies,
  search,
  onChange,
}: DependenciesPageProps & { dependencies: ListedDependency[] }) {
  if (dependencies.length === 0) {
    return (
      <Panel title="No dependencies yet">
        <FirstDependency />
      </Panel>
    )
  }
  const found = dependencies.filter((dependency) => matches(dependency, search))
  return (
    <>
      <DependencyFilters search={search} onChange={onChange} />
      {found.length > 0 && found.length <= mostOnMap && (
        <Panel title="Map">
          <DependencyMapView dependencies={found} />
        </Panel>
      )}
      <Panel
        title="All dependencies"
        aside={
          found.length === dependencies.length ? found.length : `${found.length} of ${dependencies.length}`
        }
      >
        {found.length > 0 ? (
          <DependencyList dependencies={found} />
        ) : (
          <p className={styles.none}>No dependency matches these filters.</p>
        )}
      </Panel>
    </>
  )
}

/** Only whoever may define one is led to the form. */
function NewLink() {
  const refusal = useDefinitionRefusal()
  if (refusal !== undefined) return null
  return (
    <Link to="/new-dependency" className={`${buttonStyles.button ?? ''} ${buttonStyles.primary ?? ''}`}>
      <Plus aria-hidden size={15} /> New dependency
    </Link>
  )
}

function FirstDependency() {
  return (
    <EmptyState icon={ArrowRightLeft} title="Let one system wait for another">
      <p>
        When Airflow’s ingest and Prefect’s sync have both done a day, start Dagster’s marts for that day,
        once. Say so in podium.yaml:
      </p>
      <pre className={styles.example} tabIndex={0} role="region" aria-label="An example">{`dependencies:
  - name: marts-after-ingest
    keyed_by: day
    timezone: Europe/Zurich
    upstream:
      - airflow-prod/ingest_sales
      - prefect-crm/crm-sync
    target: dagster-analytics/marts
    parameters: {day: "{{ key }}"}`}</pre>
      <p>
        <code>podium plan</code> says what is wrong with it, <code>podium apply</code> lets it hold;
        docs/dependencies.md names every key.
      </p>
    </EmptyState>
  )
}
