import type { SlaState } from '@/api/generated'
import type { Zone } from '@/time/format'
import { Link } from '@tanstack/react-router'
import { type Deadline, deadlineWords } from './deadlines'
import styles from './Flags.module.css'
import { toX, type View } from './view'

interface FlagsProps {
  deadlines: Deadline[]
  view: View
  width: number
  now: number
  zone: Zone
}

/** Where on a lane something is due, and how that stands; each leads to its promise. */
export function Flags({ deadlines, view, width, now, zone }: FlagsProps) {
  return (
    <div className={styles.flags}>
      {deadlines.map((deadline) => {
        const left = toX(deadline.at, view, width)
        if (left < 0 || left > width) return null
        const words = deadlineWords(deadline, now, zone)
        return (
          <Link
            key={deadline.sla}
            to="/slas/$slaName"
            params={{ slaName: deadline.sla }}
            tabIndex={-1}
            draggable={false}
            className={styles.flag}
            style={{ left }}
            title={words}
            aria-label={words}
          >
            <Flag state={deadline.state} />
          </Link>
        )
      })}
    </div>
  )
}

/** Full where a promise is broken or in danger, empty where not; pointed where it is already decided. */
export function Flag({ state }: { state: SlaState }) {
  const isDecided = state === 'MISSED' || state === 'MET'
  return (
    <svg viewBox="0 0 14 16" width="14" height="16" className={styles.drawn} data-state={state} aria-hidden>
      <path d={isDecided ? 'M2 1.5 L12 5 L2 8.5 Z' : 'M2 1.5 H12 V8.5 H2 Z'} />
      <path d="M2 1 V16" className={styles.pole} />
    </svg>
  )
}
