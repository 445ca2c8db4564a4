import { useStore } from '@/api/store'
import { zone } from '@/features/preferences/preferences'
import { formatFull, formatFullIn, formatInstant, formatRelative } from './format'
import styles from './time.module.css'
import { useNow } from './useNow'

interface InstantProps {
  /** ISO 8601; nothing is shown as a dash */
  at: string | null
  /** relative: "3 min ago"; absolute: "14:02:11"; both: one above the other */
  show?: 'relative' | 'absolute' | 'both'
  /** A zone by whose clock it was meant: on hover, beside the person's own */
  meantIn?: string
}

/** A moment, in the zone that the person chose, with the full instant on hover. */
export function Instant({ at, show = 'both', meantIn }: InstantProps) {
  const now = useNow(5_000)
  const chosen = useStore(zone)
  if (at === null) return <span className={styles.none}>–</span>
  const instant = Date.parse(at)
  // The shared clock may be a little behind what has just happened.
  const relative = formatRelative(instant, Math.abs(instant - now) < 6_000 ? Math.max(now, instant) : now)
  const absolute = formatInstant(instant, now, chosen)
  const full = formatFull(instant, chosen)
  const title = meantIn === undefined ? full : `${formatFullIn(instant, meantIn)} (${meantIn})\n${full}`
  return (
    <time dateTime={at} title={title} className={styles.instant}>
      {show !== 'absolute' && <span>{relative}</span>}
      {show !== 'relative' && (
        <span className={show === 'both' ? styles.secondary : undefined}>{absolute}</span>
      )}
    </time>
  )
}
