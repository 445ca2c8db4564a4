import type { Box, Layout, Point } from './layout'

/** What of the drawing is in sight: it is moved by x and y, then enlarged `scale` times. */
export interface Viewport extends Point {
  scale: number
}
export interface Size {
  width: number
  height: number
}

const smallest = 0.02
const largest = 2.5
const margin = 32
const readable = 0.85

/** The whole drawing in sight, never larger than life. */
export function fit({ width, height }: Size, pane: Size): Viewport {
  const across = Math.min(
    (pane.width - 2 * margin) / (width || 1),
    (pane.height - 2 * margin) / (height || 1),
  )
  const scale = clamp(Math.min(1, across))
  return { scale, x: (pane.width - width * scale) / 2, y: (pane.height - height * scale) / 2 }
}

/** Where a look at a drawing begins: all of it, or where it would be too small to read, what it is about. */
export function begin(layout: Size, about: Box | undefined, pane: Size): Viewport {
  const whole = fit(layout, pane)
  if (whole.scale >= readable || !about) return whole
  const middle = { x: about.x + about.width / 2, y: about.y + about.height / 2 }
  return centre({ ...whole, scale: readable }, middle, pane)
}

/** Nearer or farther, with what is at `at` (in the pane) staying there. */
export function zoom(view: Viewport, factor: number, at: Point): Viewport {
  const scale = clamp(view.scale * factor)
  const by = scale / view.scale
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }
}

/** So that a box is in sight; as it was where it is already. */
export function reveal(view: Viewport, box: Box, pane: Size): Viewport {
  const shift = (from: number, length: number, room: number): number => {
    const [start, end] = [margin / 2 - from, room - margin / 2 - from - length]
    return Math.max(0, start) || Math.min(0, end)
  }
  const { x, y, scale } = view
  return {
    scale,
    x: x + shift(x + box.x * scale, box.width * scale, pane.width),
    y: y + shift(y + box.y * scale, box.height * scale, pane.height),
  }
}

/** After another layout, the node in hand stays where it was. */
export function follow(view: Viewport, was: Box, is: Box): Viewport {
  return { ...view, x: view.x + (was.x - is.x) * view.scale, y: view.y + (was.y - is.y) * view.scale }
}

/** So that a point of the drawing is in the middle. */
export function centre(view: Viewport, at: Point, pane: Size): Viewport {
  return { ...view, x: pane.width / 2 - at.x * view.scale, y: pane.height / 2 - at.y * view.scale }
}

function clamp(scale: number): number {
  return Math.min(largest, Math.max(smallest, scale))
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

/** Of some nodes, the one that is nearest to a box. */
export function nearest(to: string, among: Iterable<string>, { boxes }: Layout): string | null {
  const from = boxes.get(to)
  let found: string | null = null
  let least = Infinity
  for (const id of among) {
    const box = boxes.get(id)
    if (!from || !box || id === to) continue
    const away = Math.hypot(box.x - from.x, box.y - from.y)
    if (away < least) [found, least] = [id, away]
  }
  return found
}

/** The nodes beside one, that is in its layer, on the side that an arrow points to. */
export function beside(id: string, { boxes }: Layout, along: 'x' | 'y', sign: 1 | -1): string[] {
  const from = boxes.get(id)
  if (!from) return []
  const across = along === 'y' ? 'x' : 'y'
  return [...boxes]
    .filter(
      ([, box]) => Math.abs(box[across] - from[across]) < box.height && (box[along] - from[along]) * sign > 0,
    )
    .map(([other]) => other)
}

/** Whether two boxes have a point in common. */
export function meets(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height
}

/** The part of a drawing that is in sight and what is around it, in steps: while a little is moved, it stays the same. */
export function windowOf({ x, y, scale }: Viewport, { width, height }: Size): Box {
  const step = 300 * 2 ** Math.ceil(-Math.log2(scale))
  const [left, top] = [Math.floor(-x / scale / step) * step, Math.floor(-y / scale / step) * step]
  const [right, bottom] = [
    Math.ceil((width - x) / scale / step) * step,
    Math.ceil((height - y) / scale / step) * step,
  ]
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The node at a point of the drawing. */
export function boxAt({ boxes }: Layout, { x, y }: Point): string | null {
  const point = { x, y, width: 0, height: 0 }
  for (const [id, box] of boxes) if (meets(box, point)) return id
  return null
}
