import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { SeverityBadge } from './IncidentBadges'
import { incidentsByRunQuery } from './incidentsByPipeline'
import styles from './OpenIncidentLines.module.css'

/** Below the heading of a run: leads to what is open about it. */
export function OpenIncidentLines({ runId }: { runId: string }) {
  const { data } = useQuery(incidentsByRunQuery)
  return data?.get(runId)?.map(({ id, title, severity }) => (
    <p key={id} className={styles.incident}>
      <SeverityBadge severity={severity} />
      <span>
        Open incident:{' '}
        <Link to="/incidents/$incidentId" params={{ incidentId: id }}>
          {title}
        </Link>
      </span>
    </p>
  ))
}
