import { KindMark } from '@/features/orchestrators/KindMark'
import { useKnownUntil } from '@/features/orchestrators/useOutdated'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { fullName } from '@/features/pipelines/nameContext'
import type { Zone } from '@/time/format'
import { formatInstant } from '@/time/format'
import { Link } from '@tanstack/react-router'
import { CircleX } from 'lucide-react'
import { memo } from 'react'
import type { Deadline } from './deadlines'
import { Flags } from './Flags'
import { place, type PlacedBar } from './lanes'
import type { Bar, Lane } from './timelineQueries'
import { barWords, laneWords, type Words } from './timelineWords'
import { toX, type View } from './view'
import styles from './TimelineChart.module.css'

interface LaneRowProps {
  lane: Lane
  /** Its own, or more exact ones of what is in sight */
  bars: Bar[]
  /** What is in sight, in milliseconds: numbers, so that equal ones change nothing */
  from: number
  to: number
  width: number
  now: number
  zone: Zone
  isGrouped: boolean
  /** The bar that the tab key reaches, if it is one of this lane */
  tabStop: string | undefined
  /** Bars of the chain that is looked at; undefined where none is */
  lit: ReadonlySet<string> | undefined
  /** What led to runs and what they led to, in words */
  told: ReadonlyMap<string, string[]>
  hrefOf: (runId: string) => string
  /** What is due of it */
  deadlines: Deadline[] | undefined
  /** Only this height for bars, in pixels */
  height: number
}

/** A pipeline's name and its runs. */
export const LaneRow = memo(function LaneRow(props: LaneRowProps) {
  const { lane, bars, from, to, width, now, zone, tabStop, lit, hrefOf, height } = props
  const view = { from, to }
  const { pipeline } = lane
  const known = useKnownUntil(pipeline.orchestrator.name, now)
  const placed = place(bars, view, width, known)
  return (
    <>
      <div className={styles.name}>
        {!props.isGrouped && <KindMark kind={pipeline.orchestrator.kind} size="small" />}
        <Link
          to="/pipelines/$pipelineId"
          params={{ pipelineId: pipeline.id }}
          tabIndex={-1}
          className={styles.nameText}
          title={`${pipeline.orchestrator.name}/${pipeline.key}`}
        >
          <PipelineName pipeline={pipeline} />
        </Link>
        <span className="visually-hidden">{laneWords(lane)}</span>
        {lane.failedCount > 0 && (
          <span className={styles.failures} aria-hidden title={`${lane.failedCount} failed`}>
            <CircleX size={12} strokeWidth={2.5} /> {lane.failedCount}
          </span>
        )}
      </div>
      <ul className={styles.bars} aria-label={`Runs of ${fullName(pipeline)}`}>
        {placed.map((one) => (
          <li key={one.bar.runId}>
            <BarMark
              {...one}
              {...heightOf(one, height)}
              spot={`${pipeline.id} ${one.bar.runId}`}
              words={spoken(barWords(one.bar, now, zone, known), props.told.get(one.bar.runId))}
              isOld={one.isOpen && known < now}
              href={one.bar.runCount > 1 ? undefined : hrefOf(one.bar.runId)}
              isTabStop={tabStop === one.bar.runId}
              isLit={lit?.has(one.bar.runId)}
            />
          </li>
        ))}
      </ul>
      <Expected lane={lane} view={view} width={width} now={now} zone={zone} />
      {props.deadlines && <Flags {...{ view, width, now, zone }} deadlines={props.deadlines} />}
    </>
  )
})

function spoken({ state, times }: Words, links: string[] = []): string {
  return [state, times, ...links].join(', ')
}

/** Shares a lane's height between runs at the same time. */
function heightOf({ level, levels }: PlacedBar, height: number): { top: number; barHeight: number } {
  const share = height / levels
  return { top: level * share, barHeight: share - (levels > 1 ? 2 : 0) }
}

interface BarMarkProps {
  bar: Bar
  left: number
  width: number
  top: number
  barHeight: number
  isOpen: boolean
  spot: string
  words: string
  /** None where it stands for several runs: then it can be zoomed into */
  href: string | undefined
  /** It went on when its orchestrator was last heard of */
  isOld: boolean
  isTabStop: boolean
  isLit: boolean | undefined
}

function BarMark({ bar, href, ...props }: BarMarkProps) {
  const shared = {
    className: styles.bar,
    'data-spot': props.spot,
    'data-state': bar.state,
    'data-open': (props.isOpen && !props.isOld) || undefined,
    'data-old': props.isOld || undefined,
    'data-many': bar.runCount > 1 || undefined,
    'data-lit': props.isLit,
    tabIndex: props.isTabStop ? 0 : -1,
    'aria-label': props.words,
    style: { left: props.left, width: props.width, top: props.top, height: props.barHeight },
  }
  // TanStack's Link costs a hundred times as much, and there are a thousand of these; the chart follows them.
  return href === undefined ? (
    <button type="button" {...shared} />
  ) : (
    <a href={href} draggable={false} {...shared} />
  )
}

/** When the next run is expected, as far as that lies ahead and in sight. */
function Expected(props: Pick<LaneRowProps, 'lane' | 'width' | 'now' | 'zone'> & { view: View }) {
  const { lane, view, width, now, zone } = props
  const { nextRunAt, isPaused } = lane.pipeline
  const at = nextRunAt === null || isPaused ? NaN : Date.parse(nextRunAt)
  if (!(at > now && at < view.to)) return null
  const words = `Expected to start ${formatInstant(at, now, zone)}`
  return (
    <span className={styles.expected} style={{ left: toX(at, view, width) }} title={words}>
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
