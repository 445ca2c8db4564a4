import { type PointerEvent, type RefObject, useCallback, useEffect, useState } from 'react'
import type { Layout, Point } from './layout'
import { begin, fit, follow, type Size, type Viewport, zoom } from './viewport'

interface Looked {
  layout: Layout
  opened: string
  /** Null: as a look at the drawing begins */
  view: Viewport | null
}

interface About {
  layout: Layout
  /** What it is about, and what is in hand */
  start: string | undefined
  selected: string | null
  opened: string
}

/** What of a drawing is in sight, moved by wheel, pointer and fingers. */
export function useViewport(pane: RefObject<HTMLDivElement | null>, about: About) {
  const { layout, start, opened } = about
  const size = useSize(pane)
  const [looked, setLooked] = useState<Looked>({ layout, opened, view: null })
  const first = begin(layout, layout.boxes.get(start ?? ''), size)
  if (looked.layout !== layout) setLooked({ layout, opened, view: goOn(looked, about, size) })
  const view = looked.view ?? first
  const change = useCallback(
    (by: (view: Viewport) => Viewport) => setLooked((old) => ({ ...old, view: by(old.view ?? first) })),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a viewport's numbers are all there is to it
    [first.x, first.y, first.scale],
  )
  useWheel(pane, change)
  const drag = useDrag(change)
  return { view, size, change, drag, fitAll: () => change(() => fit(layout, size)) }
}

/** Where a node was opened, or the time is another, what is in hand stays in place; another graph is looked at anew. */
function goOn(looked: Looked, { layout, start, selected, opened }: About, size: Size): Viewport | null {
  const inHand = [selected, start].find(
    (id) => looked.layout.boxes.has(id ?? '') && layout.boxes.has(id ?? ''),
  )
  const [was, is] = [looked.layout.boxes.get(inHand ?? ''), layout.boxes.get(inHand ?? '')]
  if (looked.opened === opened || !was || !is) return null
  const before = looked.view ?? begin(looked.layout, looked.layout.boxes.get(start ?? ''), size)
  return follow(before, was, is)
}

function useSize(pane: RefObject<HTMLDivElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 900, height: 560 })
  useEffect(() => {
    if (!pane.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    observer.observe(pane.current)
    return () => observer.disconnect()
  }, [pane])
  return size
}

type Change = (by: (view: Viewport) => Viewport) => void

function useWheel(pane: RefObject<HTMLDivElement | null>, change: Change): void {
  useEffect(() => {
    const element = pane.current
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect()
      const at = { x: event.clientX - left, y: event.clientY - top }
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
      const speed = event.ctrlKey ? 0.01 : 0.002
      change((view) => zoom(view, Math.exp(-event.deltaY * lines * speed), at))
    }
    // React's own listener could not keep the page from scrolling.
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [pane, change])
}

/** So many pixels are a slip of the finger, not a move. */
const slack = 4

interface Held {
  id: number
  at: Point
  isMoving: boolean
}

/** One pointer moves the drawing, two also make it larger or smaller. */
function useDrag(change: Change) {
  const [held] = useState(() => new Map<number, Held>())
  const at = ({ clientX, clientY }: PointerEvent): Point => ({ x: clientX, y: clientY })
  const move = (event: PointerEvent<HTMLElement>): void => {
    const one = held.get(event.pointerId)
    if (!one) return
    const [from, to] = [one.at, at(event)]
    if (!one.isMoving && Math.hypot(to.x - from.x, to.y - from.y) < slack) return
    if (!one.isMoving) event.currentTarget.setPointerCapture(event.pointerId)
    held.set(event.pointerId, { ...one, at: to, isMoving: true })
    const other = [...held.values()].find(({ id }) => id !== one.id)
    if (!other) {
      change((view) => ({ ...view, x: view.x + to.x - from.x, y: view.y + to.y - from.y }))
      return
    }
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const span = (point: Point): number => Math.hypot(point.x - other.at.x, point.y - other.at.y) || 1
    const middle = { x: (to.x + other.at.x) / 2 - left, y: (to.y + other.at.y) / 2 - top }
    change((view) => zoom(view, span(to) / span(from), middle))
  }
  const release = (event: PointerEvent): void => void held.delete(event.pointerId)
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0)
        held.set(event.pointerId, { id: event.pointerId, at: at(event), isMoving: false })
    },
    onPointerMove: move,
    onPointerUp: release,
    onPointerCancel: release,
  }
}
