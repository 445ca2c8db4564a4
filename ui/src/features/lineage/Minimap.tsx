import { memo, type PointerEvent } from 'react'
import type { Role } from './graph'
import type { Layout } from './layout'
import styles from './LineageCanvas.module.css'
import { centre, type Size, type Viewport } from './viewport'

interface MinimapProps {
  layout: Layout
  view: Viewport
  size: Size
  roles: Map<string, Role>
  onMove: (by: (view: Viewport) => Viewport) => void
}

const room = { width: 168, height: 96 }
const margin = 8

/** All of the drawing, and which part is in sight; only where not all is. */
export function Minimap({ layout, view, size, roles, onMove }: MinimapProps) {
  const seen = {
    x: -view.x / view.scale,
    y: -view.y / view.scale,
    width: size.width / view.scale,
    height: size.height / view.scale,
  }
  const isAllSeen =
    seen.x <= 0 && seen.y <= 0 && seen.x + seen.width >= layout.width && seen.y + seen.height >= layout.height
  if (isAllSeen) return null
  const scale = Math.min(
    (room.width - 2 * margin) / (layout.width || 1),
    (room.height - 2 * margin) / (layout.height || 1),
  )
  const [left, top] = [(room.width - layout.width * scale) / 2, (room.height - layout.height * scale) / 2]
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return
    const pane = event.currentTarget.getBoundingClientRect()
    const at = { x: (event.clientX - pane.left - left) / scale, y: (event.clientY - pane.top - top) / scale }
    onMove((old) => centre(old, at, size))
  }
  return (
    <svg
      className={styles.minimap}
      width={room.width}
      height={room.height}
      aria-hidden
      data-overview
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        move(event)
      }}
      onPointerMove={move}
    >
      <g transform={`translate(${left} ${top}) scale(${scale})`}>
        <Dots layout={layout} roles={roles} />
        <rect {...seen} className={styles.seen} strokeWidth={1.5 / scale} rx={4 / scale} />
      </g>
    </svg>
  )
}

/** Of thousands of nodes, all that are alike are one shape. */
const Dots = memo(function Dots({ layout, roles }: Pick<MinimapProps, 'layout' | 'roles'>) {
  const outlines = new Map<Role | undefined, string>()
  for (const [id, { x, y, width, height }] of layout.boxes) {
    const role = roles.get(id)
    const outline = `M${Math.round(x)} ${Math.round(y)}h${width}v${height}h${-width}z`
    outlines.set(role, (outlines.get(role) ?? '') + outline)
  }
  return [...outlines].map(([role, outline]) => (
    <path key={role ?? ''} d={outline} className={styles.dot} data-role={role} />
  ))
})
