import type { IncidentRowFragment, OpenIncidentsQuery } from '@/api/generated'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { AllIsWell, ShortList, ShortListItem, shortListName } from '@/components/ShortList'
import { Skeleton } from '@/components/Skeleton'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { IncidentStateBadge, SeverityBadge } from './IncidentBadges'
import { incidentNumber } from './incidentId'
import { openIncidentsQuery } from './incidentQueries'
import styles from './OpenIncidents.module.css'
import { byUrgency, worstOf } from './urgency'
import { useLocalTimes } from './useLocalTimes'

/** So many are named on the overview. */
const most = 5

/** What is wrong now, on the overview: one line where all is well. */
export function OpenIncidents() {
  const { data, error, refetch } = useQuery(openIncidentsQuery)
  if (data) return data.incidents.totalCount === 0 ? <NoneOpen /> : <Open open={data} />
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return <Skeleton lines={1} height={1.25} label="open incidents" />
}

function NoneOpen() {
  return (
    <AllIsWell>
      No open incidents.
      <Link to="/incidents">Past ones</Link>
    </AllIsWell>
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
          {worst && more > 0 && (
            <span className={styles.worst}>
              worst <SeverityBadge severity={worst} />
            </span>
          )}
          <Link to="/incidents">All incidents</Link>
        </>
      }
    >
      <ShortList more={more > 0 && <Link to="/incidents">and {more.toLocaleString('en')} more</Link>}>
        {shown.map((incident) => (
          <OpenIncident key={incident.id} incident={incident} />
        ))}
      </ShortList>
    </Panel>
  )
}

function OpenIncident({ incident }: { incident: IncidentRowFragment }) {
  const { id, title, severity, state, openedAt, acknowledgedBy } = incident
  const local = useLocalTimes()
  return (
    <ShortListItem
      badge={<SeverityBadge severity={severity} />}
      aside={
        <>
          {state !== 'OPEN' && <IncidentStateBadge state={state} />}
          {acknowledgedBy && <span className={styles.who}>by {acknowledgedBy}</span>}
          <Instant at={openedAt} show="relative" />
        </>
      }
    >
      <Link to="/incidents/$incidentId" params={{ incidentId: incidentNumber(id) }} className={shortListName}>
        {local(title)}
      </Link>
    </ShortListItem>
  )
}
