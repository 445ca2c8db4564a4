import { useNavigate, useRouter } from '@tanstack/react-router'
import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react'
import { type Row, type Spot, step, stretchOf } from './lanes'
import type { Bar, Lane } from './timelineQueries'
import type { Change } from './useLook'
import { reveal, type View, wholeLook, zoom, zoomTo } from './view'

interface About {
  rows: Row[]
  /** Those that are drawn */
  shown: Row[]
  detail: Map<string, Bar[]> | undefined
  view: View
  length: number
  now: number
  change: Change
  scroller: RefObject<HTMLElement | null>
  toRow: (index: number) => void
  drag: { wasMove: () => boolean }
}

/** Which bar is pointed at or focused, and where keys and clicks lead from it. */
export function useSpots(about: About) {
  const { rows, shown, detail, view, length, now, change, scroller, drag } = about
  const [hovered, setHovered] = useState<{ spot: string; element: HTMLElement } | null>(null)
  const [focused, setFocused] = useState<{ spot: string; element: HTMLElement } | null>(null)
  const [last, setLast] = useState<string | null>(null)
  const wanted = useRef<string | null>(null)
  const tapped = useRef<string | null>(null)
  const open = useOpen()
  const lanes = rows.flatMap((row) => (row.kind === 'lane' ? [withDetail(row.lane, detail)] : []))
  const find = (spot: string | undefined | null): Spot | null => findSpot(lanes, spot)
  useEffect(() => {
    // The bar may exist only now: its lane was scrolled to, or it came into sight.
    if (wanted.current === null) return
    const bar = scroller.current?.querySelector<HTMLElement>(`[data-spot="${wanted.current}"]`)
    if (!bar) return
    wanted.current = null
    bar.focus({ preventScroll: true })
  })
  const go = ({ lane, bar }: Spot): void => {
    const spot = spotOf({ lane, bar })
    wanted.current = spot
    setLast(spot)
    change((look, at) => reveal(look, stretchOf(bar, at), length, at))
    about.toRow(rows.findIndex((row) => row.kind === 'lane' && row.lane.pipeline.id === lane.pipeline.id))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = find(spotAt(event.target))
    if (event.key === 'Escape') {
      setFocused(null)
      setHovered(null)
    }
    if (!from || isModified(event)) return
    const next = step(lanes, from, event.key, now)
    const zoomed = keyZoom(event.key, from.bar, length, change)
    if (zoomed) wanted.current = spotOf(from)
    if (next) go(next)
    if (next || zoomed || event.key.startsWith('Arrow')) event.preventDefault()
  }
  /** A finger does not hover: its first tap shows what a mouse sees before it clicks. */
  const isFirstTap = (event: MouseEvent, spot: Spot | null): boolean => {
    if (!isTouch(event.nativeEvent)) return false
    const before = tapped.current
    tapped.current = spot && spotOf(spot)
    if (tapped.current === before) return false
    const element = (event.target as HTMLElement).closest<HTMLElement>('[data-spot]')
    setHovered(element && tapped.current !== null ? { spot: tapped.current, element } : null)
    event.preventDefault()
    return true
  }
  const onClick = (event: MouseEvent): void => {
    const spot = find(spotAt(event.target))
    if (event.isDefaultPrevented()) return
    if (isFirstTap(event, spot)) return
    if (!spot || isModified(event)) return
    event.preventDefault()
    if (spot.bar.runCount === 1) open.run(spot.bar.runId)
    else change((_, at) => zoomTo(stretchOf(spot.bar, at), length, at))
  }
  const looked = find((hovered ?? focused)?.spot)
  const reached = tabStop(find(last), shown, detail, view, now)
  return {
    looked,
    anchor: (hovered ?? focused)?.element,
    tabStopOf: (lane: Lane) => (reached?.lane === lane ? reached.bar.runId : undefined),
    hrefOf: open.hrefOf,
    onScroll: () => {
      tapped.current = null
      setHovered(null)
    },
    handlers: {
      onKeyDown,
      // What ends a move opens nothing. Enter is a click too, but by no pointer.
      onClickCapture: (event: MouseEvent) => {
        if (event.detail > 0 && drag.wasMove()) event.preventDefault()
      },
      onClick,
      onFocus: ({ target }: FocusEvent) => {
        const spot = spotAt(target)
        if (!spot) return
        setLast(spot)
        setFocused({ spot, element: target as HTMLElement })
      },
      onBlur: () => setFocused(null),
      onPointerOver: ({ target, nativeEvent }: PointerEvent) => {
        if (isTouch(nativeEvent)) return
        const spot = spotAt(target)
        setHovered(spot ? { spot, element: target as HTMLElement } : null)
      },
      onPointerLeave: ({ nativeEvent }: PointerEvent) => {
        if (!isTouch(nativeEvent)) setHovered(null)
      },
    },
  }
}

function isTouch(event: Event): boolean {
  return 'pointerType' in event && event.pointerType === 'touch'
}

/** The browser's own keys stay its own; + may need Shift. */
function isModified({ ctrlKey, metaKey, altKey }: KeyboardEvent | MouseEvent): boolean {
  return ctrlKey || metaKey || altKey
}

function keyZoom(key: string, bar: Bar, length: number, change: Change): boolean {
  const factor = { '+': 1.6, '=': 1.6, '-': 1 / 1.6 }[key]
  if (key === '0') change(() => wholeLook(length))
  else if (factor !== undefined) {
    change((look, now) => {
      const { from, to } = stretchOf(bar, now)
      return reveal(zoom(look, factor, (from + to) / 2, length, now), { from, to }, length, now)
    })
  }
  return key === '0' || factor !== undefined
}

/** To a run's page, as a link would lead there. */
function useOpen() {
  const router = useRouter()
  const navigate = useNavigate()
  const hrefOf = useCallback(
    (runId: string) => router.buildLocation({ to: '/runs/$runId', params: { runId } }).href,
    [router],
  )
  return { hrefOf, run: (runId: string) => void navigate({ to: '/runs/$runId', params: { runId } }) }
}

function withDetail(lane: Lane, detail: Map<string, Bar[]> | undefined): Lane {
  const bars = detail?.get(lane.pipeline.id)
  return bars ? { ...lane, bars } : lane
}

function spotOf({ lane, bar }: Spot): string {
  return `${lane.pipeline.id} ${bar.runId}`
}

function spotAt(target: EventTarget): string | undefined {
  return (target as HTMLElement).closest<HTMLElement>('[data-spot]')?.dataset['spot']
}

function findSpot(lanes: Lane[], spot: string | undefined | null): Spot | null {
  const [pipelineId, runId] = spot?.split(' ') ?? []
  const lane = lanes.find(({ pipeline }) => pipeline.id === pipelineId)
  const bar = lane?.bars.find((one) => one.runId === runId)
  return lane && bar ? { lane, bar } : null
}

/** The bar that the tab key reaches: the last one that had the focus or, where it is not drawn, the first lane's newest. */
function tabStop(
  last: Spot | null,
  shown: Row[],
  detail: Map<string, Bar[]> | undefined,
  view: View,
  now: number,
): Spot | null {
  const isInSight = (bar: Bar): boolean => {
    const { from, to } = stretchOf(bar, now)
    return to >= view.from && from <= view.to
  }
  let first: Spot | null = null
  for (const row of shown) {
    if (row.kind !== 'lane') continue
    const lane = withDetail(row.lane, detail)
    if (last?.lane.pipeline.id === lane.pipeline.id && isInSight(last.bar)) {
      return { lane: row.lane, bar: last.bar }
    }
    const bar: Bar | undefined = first ? undefined : lane.bars.findLast(isInSight)
    if (bar) first = { lane: row.lane, bar }
  }
  return first
}
