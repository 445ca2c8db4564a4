import buttonStyles from '@/components/Button.module.css'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { useMedia } from '@/components/useMedia'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRightLeft, Plus } from 'lucide-react'
import styles from './DependenciesPage.module.css'
import { DependencyFilters } from './DependencyFilters'
import { DependencyList } from './DependencyList'
import { dependenciesQuery, type ListedDependency } from './dependencyQueries'
import { type DependencySearch, matches } from './dependencySearch'
import { MapPanel } from './MapPanel'
import { useDefinitionRefusal } from './permission'

interface DependenciesPageProps {
  search: DependencySearch
  onChange: (search: DependencySearch) => void
}

/** What waits for what across orchestrators, as a map and as a list. */
export function DependenciesPage(props: DependenciesPageProps) {
  const { data, error, refetch } = useQuery(dependenciesQuery)
  return (
    <>
      <title>Dependencies · Podium</title>
      <PageHeading
        title="Dependencies"
        under="What starts when pipelines in other orchestrators have finished."
        actions={data && data.length > 0 && <NewLink />}
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
  const isNarrow = useMedia('(max-width: 44rem)')
  if (dependencies.length === 0) {
    return (
      <Panel title="No dependencies yet">
        <FirstDependency />
      </Panel>
    )
  }
  const found = dependencies.filter((dependency) => matches(dependency, search))
  const map = found.length > 0 && <MapPanel dependencies={found} search={search} onChange={onChange} />
  return (
    <>
      <DependencyFilters search={search} onChange={onChange} />
      {!isNarrow && map}
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
      {isNarrow && map}
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
        once.
      </p>
      <div className={styles.first}>
        <NewLink />
      </div>
      <details className={styles.file}>
        <summary>Or define it in podium.yaml</summary>
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
          <code>podium plan</code> says what is wrong with it, <code>podium apply</code> puts it to work;
          docs/dependencies.md names every key.
        </p>
      </details>
    </EmptyState>
  )
}
