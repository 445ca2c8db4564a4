import { formatDuration } from './format'
import styles from './time.module.css'
import { useNow } from './useNow'

interface ElapsedProps {
  startedAt: string | null
  endedAt: string | null
  /** Still going: the duration ticks */
  isRunning: boolean
}

/** How long something took, or has taken so far. */
export function Elapsed({ startedAt, endedAt, isRunning }: ElapsedProps) {
  if (startedAt === null) return <span className={styles.none}>–</span>
  if (isRunning && endedAt === null) return <Ticking since={Date.parse(startedAt)} />
  if (endedAt === null) return <span className={styles.none}>–</span>
  return <span className={styles.number}>{formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}</span>
}

function Ticking({ since }: { since: number }) {
  const now = useNow(1_000)
  const whole = Math.floor(Math.max(0, now - since) / 1000) * 1000
  return <span className={styles.number}>{formatDuration(whole)}</span>
}
