import buttonStyles from '@/components/Button.module.css'
import { EmptyState } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, Plug } from 'lucide-react'
import { IncidentFilters } from './IncidentFilters'
import { IncidentList } from './IncidentList'
import { openIncidentsQuery, silencesQuery } from './incidentQueries'
import { type IncidentSearch, isFiltered, splitStates } from './incidentSearch'
import styles from './IncidentsPage.module.css'
import { SilenceList } from './SilenceList'

interface IncidentsPageProps {
  search: IncidentSearch
  onChange: (search: IncidentSearch) => void
}

/** What goes on first, then what is over. */
export function IncidentsPage({ search, onChange }: IncidentsPageProps) {
  const { data: open } = useQuery(openIncidentsQuery)
  const { data: silences = [] } = useQuery(silencesQuery)
  const { ongoing, over } = splitStates(search)
  const isNarrowed = isFiltered(search)
  return (
    <>
      <title>
        {open?.incidents.totalCount
          ? `(${open.incidents.totalCount}) Incidents · Podium`
          : 'Incidents · Podium'}
      </title>
      <h1 className={styles.heading}>Incidents</h1>
      <IncidentFilters search={search} onChange={onChange} />
      {ongoing && (
        <IncidentList
          states={ongoing}
          search={search}
          title="Open incidents"
          empty={isNarrowed ? <NoMatch /> : <NoneOpen />}
        />
      )}
      {silences.length > 0 && (
        <Panel title="Silences" aside={silences.length}>
          <SilenceList silences={silences} />
        </Panel>
      )}
      {over && (
        <IncidentList
          states={over}
          search={search}
          title="Resolved incidents"
          empty={isNarrowed ? <NoMatch /> : <p className={styles.none}>None yet.</p>}
        />
      )}
    </>
  )
}

function NoMatch() {
  return (
    <p className={styles.none}>No incident matches these filters. One that does appears here by itself.</p>
  )
}

function NoneOpen() {
  const { data: orchestrators } = useQuery(orchestratorsQuery)
  return orchestrators?.length === 0 ? <NothingWatched /> : <AllIsWell />
}

function NothingWatched() {
  return (
    <EmptyState icon={Plug} title="Nothing is watched yet">
      <p>
        Connect an orchestrator first. Failed, late and stuck runs and missed SLAs then appear here, one
        incident for one problem.
      </p>
      <p className={styles.begin}>
        <Link to="/connect" className={`${buttonStyles.button ?? ''} ${buttonStyles.primary ?? ''}`}>
          <Plug aria-hidden size={15} /> Connect an orchestrator
        </Link>
      </p>
    </EmptyState>
  )
}

function AllIsWell() {
  return (
    <EmptyState icon={CircleCheck} title="All is well">
      <p>
        Nothing that Podium watches is wrong now. Failed, late and stuck runs, missed SLAs and orchestrators
        that do not answer appear here, one incident for one problem.
      </p>
      <p>To be told wherever you are, name a receiver in podium.yaml:</p>
      <pre className={styles.example} tabIndex={0} role="region" aria-label="An example">{`alerts:
  receivers:
    - name: data-chat
      slack: {token: env:SLACK_TOKEN, channel: "#data"}
  route: {receiver: data-chat}`}</pre>
      <p>
        <code>podium alerts test data-chat</code> sends a message at once; docs/alerts.md names all receivers,
        routes and escalations.
      </p>
    </EmptyState>
  )
}
