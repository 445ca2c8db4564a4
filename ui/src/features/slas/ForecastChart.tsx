import { useStore } from '@/api/store'
import { zone } from '@/features/preferences/preferences'
import { offsetAt } from '@/time/clock'
import { formatInstant, type Zone } from '@/time/format'
import { useNow } from '@/time/useNow'
import { axisMarks, type Picture, pictureOf } from './forecast'
import styles from './ForecastChart.module.css'
import { Bar, useForecastWords } from './ForecastPicture'
import type { Standing } from './slaQueries'
import { chance, riskMeans } from './slaWords'

const axis = 74
const height = 100
const marks = 6
/** Labels nearer to each other than that, in percent, would overlap. */
const apart = 16

/** The forecast on an axis of time, with the deadline and now. */
export function ForecastChart({ standing }: { standing: Standing }) {
  const now = useNow(15_000)
  const chosen = useStore(zone)
  const words = useForecastWords(standing)
  const picture = pictureOf(standing, now)
  if (!picture) return null
  const { due, now: present, median } = picture
  const isNowNamed = present !== null && (due === null || Math.abs(present - due) > apart)
  return (
    <figure className={styles.figure}>
      <svg role="img" aria-label={words} width="100%" height={height} className={styles.chart}>
        <Axis picture={picture} zone={chosen} now={now} />
        {present !== null && <Mark at={present} look={styles.now} word={isNowNamed ? 'now' : null} />}
        <Bar picture={picture} y={32} height={20} />
        {due !== null && <Mark at={due} look={styles.due} word="due" />}
        {median !== null && (
          <text x={`${median}%`} y={68} textAnchor={anchorOf(median)} className={styles.label}>
            {clock(Date.parse(standing.predictedAt ?? ''), now, chosen)}
          </text>
        )}
      </svg>
      <figcaption className={styles.caption}>
        <span>{words}.</span>
        <Chance standing={standing} />
      </figcaption>
    </figure>
  )
}

function Chance({ standing: { state, breachProbability, completedAt } }: { standing: Standing }) {
  if (breachProbability === null || completedAt !== null || state === 'MISSED') return null
  return (
    <span className={styles.chance} data-high={breachProbability >= 0.35} title={riskMeans}>
      {chance(breachProbability)}
      <span className={styles.chanceWord}>risk</span>
    </span>
  )
}

function Mark({ at, look, word }: { at: number; look: string | undefined; word: string | null }) {
  return (
    <g className={look}>
      <line x1={`${at}%`} x2={`${at}%`} y1={word === null ? 26 : 20} y2={axis} />
      {word !== null && (
        <text x={`${at}%`} y={13} textAnchor={anchorOf(at)}>
          {word}
        </text>
      )}
    </g>
  )
}

function Axis({ picture, zone: chosen, now }: { picture: Picture; zone: Zone; now: number }) {
  const { from, to } = picture
  return (
    <g className={styles.axis}>
      <line x1="0" x2="100%" y1={axis} y2={axis} />
      {axisMarks(picture, marks, offsetAt(chosen)).map((at) => {
        const place = ((at - from) / (to - from)) * 100
        return (
          <g key={at}>
            <line x1={`${place}%`} x2={`${place}%`} y1={axis} y2={axis + 5} />
            <text x={`${place}%`} y={axis + 20} textAnchor={anchorOf(place)}>
              {clock(at, now, chosen)}
            </text>
          </g>
        )
      })}
    </g>
  )
}

/** "14:05", with its date on another day. */
function clock(at: number, now: number, chosen: Zone): string {
  const text = formatInstant(at, now, chosen)
  return text.includes(',') ? text : text.slice(0, 5)
}

function anchorOf(place: number): 'start' | 'middle' | 'end' {
  if (place < 7) return 'start'
  return place > 93 ? 'end' : 'middle'
}
