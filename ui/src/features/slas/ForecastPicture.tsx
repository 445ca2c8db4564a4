import { useStore } from '@/api/store'
import { zone } from '@/features/preferences/preferences'
import { formatDuration, formatInstant } from '@/time/format'
import { useNow } from '@/time/useNow'
import { useId } from 'react'
import { type Picture, pictureOf } from './forecast'
import styles from './ForecastPicture.module.css'
import type { Standing } from './slaQueries'
import { chance } from './slaWords'

/** The 90% interval as a bar with its median, against the deadline; the part after that is in the colour of what is late. */
export function ForecastPicture({ standing }: { standing: Standing }) {
  const words = useForecastWords(standing)
  const picture = pictureOf(standing)
  if (!picture) return null
  return (
    <svg className={styles.small} role="img" aria-label={words} height="26" width="100%">
      <title>{words}</title>
      <line className={styles.track} x1="0" x2="100%" y1="13" y2="13" />
      <Bar picture={picture} y={8} height={10} />
      {picture.due !== null && (
        <line className={styles.due} x1={`${picture.due}%`} x2={`${picture.due}%`} y1="1" y2="25" />
      )}
    </svg>
  )
}

interface BarProps {
  picture: Picture
  y: number
  height: number
}

/** What lies in time, what lies after the deadline, and the median; or when it was done. */
export function Bar(props: BarProps) {
  const { done, low, high } = props.picture
  if (done !== null) return <Done {...props} done={done} />
  return low === null || high === null ? null : <Interval {...props} low={low} high={high} />
}

/** A point, and how far from the deadline. */
function Done({ picture: { due }, done, y, height }: BarProps & { done: number }) {
  const isLate = due !== null && done > due
  const middle = y + height / 2
  return (
    <>
      {due !== null && (
        <line
          className={styles.gap}
          data-late={isLate}
          x1={`${Math.min(done, due)}%`}
          x2={`${Math.max(done, due)}%`}
          y1={middle}
          y2={middle}
        />
      )}
      <circle className={styles.done} data-late={isLate} cx={`${done}%`} cy={middle} r={height / 2 + 0.5} />
    </>
  )
}

/** However short it is, it is seen. */
const thinnest = 1.5

function Interval({ picture, low, high, y, height }: BarProps & { low: number; high: number }) {
  const clip = useId()
  const { due, median, isOpen } = picture
  const end = Math.max(high, low + thinnest)
  const turn = Math.min(Math.max(due ?? end, low), end)
  return (
    <>
      <clipPath id={clip}>
        <rect x={`${low}%`} width={`${end - low}%`} y={y} height={height} rx={height / 2} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        <rect className={styles.inTime} x={`${low}%`} width={`${turn - low}%`} y={y} height={height} />
        <rect
          className={styles.late}
          data-open={isOpen}
          x={`${turn}%`}
          width={`${end - turn}%`}
          y={y}
          height={height}
        />
      </g>
      {median !== null && (
        <circle
          className={styles.median}
          data-late={due !== null && median > due}
          cx={`${median}%`}
          cy={y + height / 2}
          r={height / 2 - 0.5}
        />
      )}
    </>
  )
}

/** The picture in words. */
export function useForecastWords(standing: Standing): string {
  const now = useNow(30_000)
  const chosen = useStore(zone)
  return forecastWords(standing, (at) => formatInstant(Date.parse(at), now, chosen))
}

function forecastWords(standing: Standing, at: (instant: string) => string): string {
  const { state, dueAt, completedAt, predictedAt, predictedLow, breachProbability } = standing
  if (completedAt !== null) {
    return `Done at ${at(completedAt)}${dueAt === null ? '' : `, ${margin(completedAt, dueAt)}`}`
  }
  if (predictedAt === null && predictedLow === null) return 'No forecast'
  return [
    predictedAt === null ? 'No forecast of an end' : `Expected at ${at(predictedAt)}`,
    intervalWords(standing, at),
    dueAt !== null && `due at ${at(dueAt)}`,
    state !== 'MISSED' &&
      breachProbability !== null &&
      `${chance(breachProbability)} risk of missing the deadline`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}

function intervalWords(
  { predictedLow, predictedHigh }: Standing,
  at: (instant: string) => string,
): string | false {
  if (predictedLow === null) return false
  if (predictedHigh === null) return `not before ${at(predictedLow)}`
  return `90% likely between ${at(predictedLow)} and ${at(predictedHigh)}`
}

/** How long before or after it was due. */
export function margin(at: string, dueAt: string): string {
  const late = Date.parse(at) - Date.parse(dueAt)
  return `${formatDuration(Math.abs(late))} ${late > 0 ? 'late' : 'early'}`
}
