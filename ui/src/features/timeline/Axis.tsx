import type { Zone } from '@/time/format'
import styles from './TimelineChart.module.css'
import { ticks, toX, type View } from './view'

interface AxisProps {
  view: View
  width: number
  now: number
  zone: Zone
}

/** The clock above the lanes. */
export function Axis({ view, width, now, zone }: AxisProps) {
  const nowX = toX(now, view, width)
  return (
    <>
      {ticks(view, width, zone).map(({ at, label, isDay }) => {
        const left = toX(at, view, width)
        // What would be cut off at an edge, or lie under the word for now, is left out.
        if (left < 18 || left > width - 18 || Math.abs(left - nowX) < 40) return null
        return (
          <span key={at} className={styles.tick} data-day={isDay || undefined} style={{ left }}>
            {label}
          </span>
        )
      })}
      {nowX >= 0 && nowX <= width && (
        <span className={styles.nowWord} style={{ left: Math.min(nowX, width - 16) }}>
          Now
        </span>
      )}
    </>
  )
}

/** The same marks behind the lanes; what lies ahead is shaded. */
export function GridLines({ view, width, now, zone }: AxisProps) {
  const nowX = Math.min(Math.max(toX(now, view, width), 0), width)
  return (
    <>
      <div className={styles.future} style={{ left: nowX }} />
      {ticks(view, width, zone).map(({ at, isDay }) => (
        <div
          key={at}
          className={styles.gridLine}
          data-day={isDay || undefined}
          style={{ left: toX(at, view, width) }}
        />
      ))}
    </>
  )
}
