import type { IncidentRowFragment, OpenIncidentsQuery } from '@/api/generated'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { IncidentStateBadge, SeverityBadge } from './IncidentBadges'
import { incidentNumber } from './incidentId'
import { openIncidentsQuery } from './incidentQueries'
import styles from './OpenIncidents.module.css'
import { byUrgency, worstOf } from './urgency'

/** So many are named on the overview. */
const most = 5

/** What is wrong now, on the overview: one line where all is well. */
export function OpenIncidents() {
  const { data, error, refetch } = useQuery(openIncidentsQuery)
  if (data) return data.incidents.totalCount === 0 ? <AllIsWell /> : <Open open={data} />
  return error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null
}

function AllIsWell() {
  return (
    <p className={styles.well}>
      <CircleCheck aria-hidden size={17} />
      No open incidents.
      <Link to="/incidents">Past ones</Link>
    </p>
  )
}

function Open({ open }: { open: OpenIncidentsQuery }) {
  const { totalCount, edges } = open.incidents
  const shown = byUrgency(edges.map(({ node }) => node)).slice(0, most)
  const worst = worstOf(open)
  const more = totalCount - shown.length
  return (
    <Panel
      title="Open incidents"
      aside={totalCount.toLocaleString('en')}
      tools={
        <>
          {worst && (
            <span className={styles.worst}>
              worst <SeverityBadge severity={worst} />
            </span>
          )}
          <Link to="/incidents">All incidents</Link>
        </>
      }
    >
      <ul>
        {shown.map((incident) => (
          <OpenIncident key={incident.id} incident={incident} />
        ))}
      </ul>
      {more > 0 && (
        <p className={styles.more}>
          <Link to="/incidents">and {more.toLocaleString('en')} more</Link>
        </p>
      )}
    </Panel>
  )
}

function OpenIncident({ incident }: { incident: IncidentRowFragment }) {
  const { id, title, severity, state, openedAt, acknowledgedBy } = incident
  return (
    <li className={styles.incident}>
      <SeverityBadge severity={severity} />
      <Link to="/incidents/$incidentId" params={{ incidentId: incidentNumber(id) }} className={styles.title}>
        {title}
      </Link>
      <span className={styles.aside}>
        {state !== 'OPEN' && <IncidentStateBadge state={state} />}
        {acknowledgedBy && <span className={styles.who}>{acknowledgedBy}</span>}
        <Instant at={openedAt} show="relative" />
      </span>
    </li>
  )
}
