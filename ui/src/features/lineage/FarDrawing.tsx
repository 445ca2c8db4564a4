import { memo } from 'react'
import { drawnEdges } from './Drawing'
import styles from './FarDrawing.module.css'
import type { GraphNode, Role } from './graph'
import type { NodeLook } from './GraphNodeMark'
import hues from './hues.module.css'
import type { Box } from './layout'
import type { LineageCanvasProps } from './LineageCanvas'

type FarDrawingProps = Pick<LineageCanvasProps, 'shown' | 'layout' | 'roles' | 'columns' | 'lookOf'> & {
  nodes: GraphNode[]
}

interface Alike {
  role: Role | undefined
  hue: string | undefined
  tone: string | undefined
  outline: string
}

/** Thousands of nodes from afar: all that look alike are one shape, so that moving it costs no more than moving a few. */
export const FarDrawing = memo(function FarDrawing(props: FarDrawingProps) {
  const lines = new Map<Role | null, string>()
  for (const { path, role } of drawnEdges(props, null)) lines.set(role, (lines.get(role) ?? '') + path.line)
  return (
    <g aria-hidden>
      {[...lines].map(([role, line]) => (
        <path key={role} className={styles.lines} data-role={role} d={line} />
      ))}
      {groupsOf(props).map(({ role, hue, tone, outline }) => (
        <path
          key={`${role ?? ''} ${hue ?? ''} ${tone ?? ''}`}
          className={`${styles.nodes ?? ''} ${hues['hued'] ?? ''}`}
          data-role={role}
          data-hue={hue}
          data-tone={tone}
          d={outline}
        />
      ))}
    </g>
  )
})

function groupsOf({ nodes, layout, roles, lookOf }: FarDrawingProps): Alike[] {
  const groups = new Map<string, Alike>()
  for (const { id } of nodes) {
    const box = layout.boxes.get(id)
    if (!box) continue
    const look = lookAfar(lookOf(id), roles.get(id))
    const key = Object.values(look).join()
    const known = groups.get(key)?.outline ?? ''
    groups.set(key, { ...look, outline: known + outlineOf(box) })
  }
  return [...groups.values()]
}

function lookAfar({ colour, health, hue }: NodeLook, role: Role | undefined): Omit<Alike, 'outline'> {
  return colour === 'health'
    ? { role, hue: undefined, tone: health?.tone ?? 'none' }
    : { role, hue: String(hue ?? 'none'), tone: undefined }
}

function outlineOf({ x, y, width, height }: Box): string {
  return `M${Math.round(x)} ${Math.round(y)}h${width}v${height}h${-width}z`
}
