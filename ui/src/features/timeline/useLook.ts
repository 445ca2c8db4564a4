import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { lookOf } from './placeInTime'
import type { Stretch } from './timelineSearch'
import { useAddress } from './useAddress'
import { type Look, pan, toTime, viewOf, zoom } from './view'

export type Change = (by: (look: Look, now: number) => Look) => void

interface Moves {
  look: Look
  change: Change
  drag: ReturnType<typeof useDrag>
}

/** What an address says of it, and how to write that there. */
export interface Addressed {
  stretch: Stretch
  onStretch: (stretch: Stretch) => void
}

/** What of the last `length` milliseconds is in sight, moved by wheel, pointer and fingers over the plot. */
export function useLook(plot: RefObject<HTMLElement | null>, length: number, address: Addressed): Moves {
  const [look, setLook] = useState(() => lookOf(address.stretch, length, Date.now()))
  // The setter is the same for ever, and so is this.
  const [change] = useState<Change>(
    () => (by: Parameters<Change>[0]) => setLook((old) => by(old, Date.now())),
  )
  useAddress(look, change, length, address)
  useWheel(plot, change, length)
  const drag = useDrag(plot, change, length)
  return { look, change, drag }
}

/** What instant lies below a point of the screen. */
function timeAt(plot: HTMLElement, clientX: number, look: Look, now: number): number {
  const { left, width } = plot.getBoundingClientRect()
  return toTime(clientX - left, viewOf(look, now), width)
}

/** The wheel alone moves through the lanes; with a key held, or by a pinch, it zooms; sideways it moves through time. */
function useWheel(plot: RefObject<HTMLElement | null>, change: Change, length: number): void {
  useEffect(() => {
    const element = plot.current
    const area = element?.closest<HTMLElement>('[data-zoomable]')
    if (!element || !area) return
    const onWheel = (event: WheelEvent): void => {
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        const factor = Math.exp(-event.deltaY * lines * 0.006)
        change((look, now) => zoom(look, factor, timeAt(element, event.clientX, look, now), length, now))
      } else if (isSideways) {
        event.preventDefault()
        const pixels = (event.deltaX || event.deltaY) * lines
        change((look, now) => pan(look, (pixels / element.clientWidth) * look.span, length, now))
      }
    }
    // React's own listener could not keep the page from being zoomed.
    area.addEventListener('wheel', onWheel, { passive: false })
    return () => area.removeEventListener('wheel', onWheel)
  }, [plot, change, length])
}

/** So many pixels are a slip of the finger, not a move. */
const slack = 4

interface Held {
  id: number
  x: number
  isMoving: boolean
}

/** One pointer moves through time, two also zoom. */
function useDrag(plot: RefObject<HTMLElement | null>, change: Change, length: number) {
  const [held] = useState(() => new Map<number, Held>())
  const wasMove = useRef(false)
  const move = (event: PointerEvent<HTMLElement>): void => {
    const one = held.get(event.pointerId)
    const element = plot.current
    if (!one || !element) return
    const by = event.clientX - one.x
    if (!one.isMoving && Math.abs(by) < slack) return
    if (!one.isMoving) event.currentTarget.setPointerCapture(event.pointerId)
    wasMove.current = true
    const other = [...held.values()].find(({ id }) => id !== one.id)
    if (other) {
      const before = Math.abs(one.x - other.x) || 1
      const factor = (Math.abs(event.clientX - other.x) || 1) / before
      const middle = (event.clientX + other.x) / 2
      change((look, now) => zoom(look, factor, timeAt(element, middle, look, now), length, now))
    } else {
      change((look, now) => pan(look, (-by / element.clientWidth) * look.span, length, now))
    }
    held.set(event.pointerId, { ...one, x: event.clientX, isMoving: true })
  }
  const release = (event: PointerEvent): void => void held.delete(event.pointerId)
  return {
    /** Whether the click that follows was the end of a move */
    wasMove: () => wasMove.current,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        wasMove.current = false
        if (event.button === 0) {
          held.set(event.pointerId, { id: event.pointerId, x: event.clientX, isMoving: false })
        }
      },
      onPointerMove: move,
      onPointerUp: release,
      onPointerCancel: release,
    },
  }
}
