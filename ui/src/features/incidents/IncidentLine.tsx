import type { Severity } from '@/api/generated'
import { Link } from '@tanstack/react-router'
import { SeverityBadge } from './IncidentBadges'
import styles from './IncidentLine.module.css'
import { useLocalTimes } from './useLocalTimes'

interface IncidentLineProps {
  /** Its number, as in its address */
  number: string
  title: string
  severity: Severity
}

/** Below a page's heading: leads to an incident that is open about it. */
export function IncidentLine({ number, title, severity }: IncidentLineProps) {
  const local = useLocalTimes()
  return (
    <p className={styles.incident}>
      <SeverityBadge severity={severity} />
      <span>
        Open incident:{' '}
        <Link to="/incidents/$incidentId" params={{ incidentId: number }}>
          {local(title)}
        </Link>
      </span>
    </p>
  )
}
