import { Button } from '@/components/Button'
import { Maximize, Minus, Plus } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useRef } from 'react'
import { edgeRole, type Role, type Shown } from './graph'
import styles from './LineageCanvas.module.css'
import { GraphNodeMark, type NodeLook } from './GraphNodeMark'
import type { Flow, Layout } from './layout'
import { Minimap } from './Minimap'
import { useViewport } from './useViewport'
import { type Arrow, beside, nearest, reveal, zoom } from './viewport'

export interface LineageCanvasProps {
  shown: Shown
  layout: Layout
  flow: Flow
  start: string | undefined
  selected: string | null
  opened: string[]
  roles: Map<string, Role>
  lookOf: (id: string) => NodeLook
  onSelect: (id: string | null) => void
  onToggle: (id: string) => void
  /** The part that is exported */
  drawing: RefObject<SVGGElement | null>
}

/** The graph as a picture that can be moved, enlarged and walked through by keys. */
export function LineageCanvas(props: LineageCanvasProps) {
  const { shown, layout, flow, start, selected, opened, roles, drawing } = props
  const pane = useRef<HTMLDivElement>(null)
  const marks = useRef(new Map<string, SVGRectElement>())
  const { view, size, change, drag, fitAll } = useViewport(pane, {
    layout,
    start,
    selected,
    opened: opened.join(),
  })
  const nodes = shown.nodes.filter(({ id }) => layout.boxes.has(id))
  const tabbable = nodes.find(({ id }) => id === selected)?.id ?? nodes[0]?.id
  const goTo = (id: string | null): void => {
    const box = layout.boxes.get(id ?? '')
    if (id === null || !box) return
    props.onSelect(id)
    marks.current.get(id)?.focus({ preventScroll: true })
    change((old) => reveal(old, box, size))
  }
  const onKey = (id: string, event: KeyboardEvent): void => {
    if (event.key === 'Enter') props.onToggle(id)
    else if (event.key === ' ') props.onSelect(id)
    else if (event.key === 'Escape') props.onSelect(null)
    else if (isArrow(event.key)) goTo(neighbourAt(event.key, id, props))
    else return
    event.preventDefault()
  }
  const middle = { x: size.width / 2, y: size.height / 2 }
  return (
    <div className={styles.frame}>
      <div ref={pane} className={styles.pane} {...drag}>
        <svg className={styles.svg} role="group" aria-label="Lineage graph">
          <g ref={drawing} transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            <Edges {...props} />
            {nodes.map((node) => (
              <GraphNodeMark
                key={node.id}
                node={node}
                box={layout.boxes.get(node.id)}
                look={props.lookOf(node.id)}
                flow={flow}
                role={roles.get(node.id)}
                hidden={shown.hidden.get(node.id)}
                isStart={node.id === start}
                isTabbable={node.id === tabbable}
                onKeyDown={(event) => onKey(node.id, event)}
                onSelect={() => props.onSelect(node.id)}
                onToggle={() => props.onToggle(node.id)}
                ref={(mark) => {
                  if (mark) marks.current.set(node.id, mark)
                  else marks.current.delete(node.id)
                }}
              />
            ))}
          </g>
        </svg>
      </div>
      <div className={styles.zoom} role="group" aria-label="Zoom">
        <Button look="icon" aria-label="Zoom in" onPress={() => change((old) => zoom(old, 1.3, middle))}>
          <Plus aria-hidden size={16} />
        </Button>
        <Button look="icon" aria-label="Zoom out" onPress={() => change((old) => zoom(old, 1 / 1.3, middle))}>
          <Minus aria-hidden size={16} />
        </Button>
        <Button look="icon" aria-label="Fit all" onPress={fitAll}>
          <Maximize aria-hidden size={15} />
        </Button>
      </div>
      <Minimap layout={layout} view={view} size={size} roles={roles} onMove={change} />
    </div>
  )
}

function Edges({ shown, layout, roles }: LineageCanvasProps) {
  const drawn = shown.edges.flatMap((edge) => {
    const path = layout.paths.get(edge.id)
    return path ? [{ edge, path, role: edgeRole(edge, roles) }] : []
  })
  // What matters is drawn last, over what does not.
  const order = [null, 'aside', 'up', 'down', 'cause']
  drawn.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
  return drawn.map(({ edge, path, role }) => (
    <g key={edge.id} className={styles.edge} data-role={role} data-kind={edge.kind}>
      <path className={styles.line} d={path.line} />
      <path className={styles.arrow} d={path.arrow} />
    </g>
  ))
}

function isArrow(key: string): key is Arrow {
  return ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(key)
}

/** Along the flow by an edge, across it to what stands beside. */
function neighbourAt(key: Arrow, id: string, { shown, layout, flow }: LineageCanvasProps): string | null {
  const [back, on, before, after] =
    flow === 'RIGHT'
      ? ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']
      : ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']
  const along = flow === 'RIGHT' ? 'y' : 'x'
  if (key === back) return nearest(id, shown.near.up.get(id) ?? [], layout)
  if (key === on) return nearest(id, shown.near.down.get(id) ?? [], layout)
  if (key === before) return nearest(id, beside(id, layout, along, -1), layout)
  return key === after ? nearest(id, beside(id, layout, along, 1), layout) : null
}
