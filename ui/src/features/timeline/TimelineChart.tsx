import { useStore } from '@/api/store'
import { useMedia } from '@/components/useMedia'
import { zone as zoneStore } from '@/features/preferences/preferences'
import { useNow } from '@/time/useNow'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { Axis, GridLines } from './Axis'
import type { Deadlines } from './deadlines'
import { GroupRow } from './GroupRow'
import { chainOf, type Row } from './lanes'
import { LaneRow } from './LaneRow'
import { LinkLines } from './LinkLines'
import { RunCard } from './RunCard'
import styles from './TimelineChart.module.css'
import type { Bar, Lane, Link } from './timelineQueries'
import { useDetail } from './useDetail'
import { type Addressed, useLook } from './useLook'
import { linkWordsOf } from './timelineWords'
import { useSpots } from './useSpots'
import { toX, viewOf } from './view'
import { ZoomButtons } from './ZoomButtons'

interface TimelineChartProps {
  rows: Row[]
  links: Link[]
  /** How much of the past there is, in milliseconds */
  length: number
  isGrouped: boolean
  deadlines: Deadlines
  address: Addressed
  label: string
  /** Asks for more lanes; undefined where there are none, or they are on their way */
  onMore: (() => void) | undefined
  /** Below the lanes */
  footer?: ReactNode
}

/** So many rows before the end more are asked for. */
const soon = 15
const heights = { group: 32, wide: 30, narrow: 46 }
/** Of a lane's bars, and how far below its top they begin. */
const bars = { height: 18, wide: 6, narrow: 23 }

/** Lanes of bars over time. One bar can be reached by the tab key, the others from it by arrow keys. */
export function TimelineChart(props: TimelineChartProps) {
  const { rows, links, length, isGrouped, deadlines, address, label, onMore, footer } = props
  const scroller = useRef<HTMLDivElement>(null)
  const plot = useRef<HTMLDivElement>(null)
  const width = useWidth(plot)
  const zone = useStore(zoneStore)
  const { look, change, drag } = useLook(plot, length, address)
  const now = useSteadyNow(look.span, width)
  const view = viewOf(look, now)
  const { virtual, inSight, heightOf, middle, isMore } = useRows(rows, scroller, onMore)
  const shown = inSight.flatMap(({ index }) => rows[index] ?? [])
  const detail = useDetail(shown, view, look.span < length / 2)
  const spots = useSpots({
    rows,
    shown,
    detail,
    view,
    length,
    now,
    change,
    scroller,
    toRow: virtual.scrollToIndex,
    drag,
  })
  const { looked } = spots
  const chain = chainOf(links, looked?.bar.runId)
  const lit = chain.size > 0 ? runsOf(chain) : undefined
  const told = useMemo(() => linkWordsOf(links), [links])
  const places = middlesOf(rows, heightOf, middle)
  return (
    <div className={styles.frame} data-zoomable>
      <div className={styles.head}>
        <ZoomButtons look={look} length={length} change={change} />
        <div ref={plot} className={styles.axis}>
          <Axis view={view} width={width} now={now} zone={zone} />
        </div>
      </div>
      <div
        ref={scroller}
        className={styles.scroller}
        data-more={isMore || undefined}
        onScroll={spots.onScroll}
      >
        <div
          className={styles.canvas}
          style={{ height: virtual.getTotalSize() }}
          {...drag.handlers}
          {...spots.handlers}
        >
          <div className={styles.plot} aria-hidden>
            <GridLines view={view} width={width} now={now} zone={zone} />
            <LinkLines
              links={links}
              chain={chain}
              view={view}
              width={width}
              height={virtual.getTotalSize()}
              now={now}
              middleOf={(id) => places.get(id)}
              window={{ top: inSight[0]?.start ?? 0, bottom: inSight.at(-1)?.end ?? 0 }}
            />
          </div>
          <ul aria-label={label} className={styles.rows}>
            {inSight.map(({ index, start, key }) => {
              const row = rows[index]
              const style = { transform: `translateY(${start}px)`, height: heightOf(row) }
              return (
                <li key={key} className={styles.row} data-kind={row?.kind} style={style}>
                  {row?.kind === 'group' && <GroupRow {...row} />}
                  {row?.kind === 'lane' && (
                    <LaneRow
                      lane={row.lane}
                      bars={barsOf(row.lane, detail)}
                      from={view.from}
                      to={view.to}
                      width={width}
                      now={now}
                      zone={zone}
                      isGrouped={isGrouped}
                      tabStop={spots.tabStopOf(row.lane)}
                      lit={lit}
                      told={told}
                      hrefOf={spots.hrefOf}
                      deadlines={deadlines.get(row.lane.pipeline.id)}
                      height={bars.height}
                    />
                  )}
                </li>
              )
            })}
          </ul>
          <div className={styles.plot} data-above aria-hidden>
            <div className={styles.now} style={{ left: toX(now, view, width) }} data-testid="now" />
          </div>
        </div>
      </div>
      {looked && spots.anchor && (
        <RunCard spot={looked} links={[...chain]} now={now} zone={zone} anchor={spots.anchor} />
      )}
      {footer}
    </div>
  )
}

/** The rows in sight, and how high they are; more are asked for when the last of them comes near. */
function useRows(rows: Row[], scroller: RefObject<HTMLElement | null>, onMore: (() => void) | undefined) {
  const isNarrow = useMedia('(max-width: 44rem)')
  const laneHeight = isNarrow ? heights.narrow : heights.wide
  const heightOf = (row: Row | undefined): number => (row?.kind === 'group' ? heights.group : laneHeight)
  // eslint-disable-next-line react-hooks/incompatible-library -- it says itself when to draw anew
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  })
  useEffect(() => virtual.measure(), [virtual, laneHeight, rows])
  const inSight = virtual.getVirtualItems()
  const last = inSight.at(-1)?.index ?? 0
  useEffect(() => {
    if (onMore && last >= rows.length - soon) onMore()
  }, [onMore, last, rows.length])
  const middle = (isNarrow ? bars.narrow : bars.wide) + bars.height / 2
  const bottom = (virtual.scrollOffset ?? 0) + (virtual.scrollRect?.height ?? 0)
  return { virtual, inSight, heightOf, middle, isMore: bottom < virtual.getTotalSize() - 4 }
}

/** The time, no more often than it moves anything by a pixel. */
function useSteadyNow(span: number, width: number): number {
  const now = useNow(span < 3 * 3_600_000 ? 1_000 : 5_000)
  const grain = Math.max(1_000, span / Math.max(width, 200))
  return Math.ceil(now / grain) * grain
}

function useWidth(plot: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(800)
  useEffect(() => {
    if (!plot.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.round(entry.contentRect.width))
    })
    observer.observe(plot.current)
    return () => observer.disconnect()
  }, [plot])
  return width
}

/** More exact ones of what is in sight, where there are. */
function barsOf(lane: Lane, detail: Map<string, Bar[]> | undefined): Bar[] {
  return detail?.get(lane.pipeline.id) ?? lane.bars
}

/** How far from the top the middle of each pipeline's bars is. */
function middlesOf(rows: Row[], heightOf: (row: Row) => number, middle: number): Map<string, number> {
  const found = new Map<string, number>()
  let top = 0
  for (const row of rows) {
    if (row.kind === 'lane') found.set(row.lane.pipeline.id, top + middle)
    top += heightOf(row)
  }
  return found
}

function runsOf(chain: ReadonlySet<Link>): ReadonlySet<string> {
  return new Set([...chain].flatMap(({ upstream, downstream }) => [upstream.runId, downstream.runId]))
}
