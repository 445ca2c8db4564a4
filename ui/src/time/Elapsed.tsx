import { formatDuration } from './format'
import styles from './time.module.css'
import { useNow } from './useNow'

interface ElapsedProps {
  startedAt: string | null
  endedAt: string | null
  /** Still going: the duration ticks */
  isRunning: boolean
  /** Nothing newer is known: it stops there. Null where nobody knows since when. */
  asOf?: string | null
}

/** How long something took, or has taken so far. */
export function Elapsed({ startedAt, endedAt, isRunning, asOf }: ElapsedProps) {
  if (startedAt === null || (endedAt === null && !isRunning)) return <span className={styles.none}>–</span>
  const since = Date.parse(startedAt)
  if (endedAt !== null) {
    return <span className={styles.number}>{formatDuration(Date.parse(endedAt) - since)}</span>
  }
  return asOf === undefined ? <Ticking since={since} /> : <AtLeast since={since} asOf={asOf} />
}

function Ticking({ since }: { since: number }) {
  const now = useNow(1_000)
  return <span className={styles.number}>{formatDuration(wholeSeconds(now - since))}</span>
}

function AtLeast({ since, asOf }: { since: number; asOf: string | null }) {
  const known = wholeSeconds(asOf === null ? 0 : Date.parse(asOf) - since)
  return (
    <span className={styles.number} title="At least: nothing newer is known">
      {'> '}
      {formatDuration(known)}
    </span>
  )
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(Math.max(0, milliseconds) / 1000) * 1000
}
