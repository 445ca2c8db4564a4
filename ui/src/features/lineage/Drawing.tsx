import { memo } from 'react'
import { ColumnLinks } from './ColumnLinks'
import { edgeRole, type GraphEdge, type GraphNode, type Role } from './graph'
import { GraphNodeMark } from './GraphNodeMark'
import type { Box, Path } from './layout'
import type { LineageCanvasProps, Walk } from './LineageCanvas'
import styles from './LineageCanvas.module.css'
import { meets } from './viewport'

export interface DrawingProps extends LineageCanvasProps, Walk {
  nodes: GraphNode[]
  /** The part that is drawn; null: all of it */
  inSight: Box | null
  tabbable: string | null
  isWithoutEdges?: boolean
}

/** Nodes and edges with all that is said about them. */
export function Drawing({ nodes, inSight, isWithoutEdges = false, ...props }: DrawingProps) {
  const { layout, shown, tabbable, columns } = props
  const near = nodes.filter(({ id }) => {
    const box = layout.boxes.get(id)
    return box && (inSight === null || id === tabbable || meets(box, inSight))
  })
  // Where there is no room for rows they must not be covered.
  if (columns) near.sort((a, b) => Number(columns.rows.has(a.id)) - Number(columns.rows.has(b.id)))
  return (
    <>
      {!isWithoutEdges && <Edges {...props} inSight={inSight} />}
      <ColumnLinks columns={columns} layout={layout} flow={props.flow} />
      {near.map((node) => (
        <GraphNodeMark
          key={node.id}
          node={node}
          box={layout.boxes.get(node.id)}
          look={props.lookOf(node.id)}
          flow={props.flow}
          role={props.roles.get(node.id)}
          hidden={shown.hidden.get(node.id)}
          isStart={node.id === props.start}
          isTabbable={node.id === tabbable}
          onKey={props.onKey}
          onMark={props.onMark}
          onSelect={props.onSelect}
          onToggle={props.onToggle}
        />
      ))}
    </>
  )
}

/** What matters is drawn last, over what does not. */
const order = [null, 'aside', 'up', 'down', 'cause']

export interface DrawnEdge {
  edge: GraphEdge
  path: Path
  role: Role | null
}

/** Edges with their places, in the order they are drawn. */
export function drawnEdges(
  { shown, layout, roles, columns }: Pick<LineageCanvasProps, 'shown' | 'layout' | 'roles' | 'columns'>,
  inSight: Box | null,
): DrawnEdge[] {
  const drawn = shown.edges.flatMap((edge) => {
    const path = layout.paths.get(edge.id)
    if (!path || (inSight !== null && !meets(path.around, inSight))) return []
    return [{ edge, path, role: columns ? ('aside' as const) : edgeRole(edge, roles) }]
  })
  return drawn.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
}

function Edges({ inSight, ...props }: Omit<DrawingProps, 'nodes'>) {
  return drawnEdges(props, inSight).map(({ edge, path, role }) => (
    <EdgeMark key={edge.id} path={path} role={role} kind={edge.kind} />
  ))
}

const EdgeMark = memo(function EdgeMark({ path, role, kind }: Omit<DrawnEdge, 'edge'> & { kind: string }) {
  return (
    <g className={styles.edge} data-role={role} data-kind={kind}>
      <path className={styles.line} d={path.line} />
      <path className={styles.arrow} d={path.arrow} />
    </g>
  )
})
