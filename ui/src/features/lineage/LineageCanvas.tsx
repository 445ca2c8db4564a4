import { Button } from '@/components/Button'
import { Maximize, Minus, Plus } from 'lucide-react'
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import type { ColumnPicture } from './columnPicture'
import { Drawing } from './Drawing'
import { FarDrawing } from './FarDrawing'
import type { Role, Shown } from './graph'
import styles from './LineageCanvas.module.css'
import type { NodeLook } from './GraphNodeMark'
import type { Box, Flow, Layout, Point } from './layout'
import { Minimap } from './Minimap'
import { mostFine } from './useLayout'
import { useViewport } from './useViewport'
import {
  type Arrow,
  beside,
  boxAt,
  nearest,
  reveal,
  type Size,
  type Viewport,
  windowOf,
  zoom,
} from './viewport'

/** Draws all of the graph, and hands it to somebody. */
export type Draw = (take: (drawing: SVGGElement) => void) => void

export interface LineageCanvasProps {
  shown: Shown
  layout: Layout
  flow: Flow
  start: string | undefined
  selected: string | null
  /** What makes another picture of the same graph: nodes that are opened, the time, a column */
  opened: string[]
  roles: Map<string, Role>
  /** The way of the column that is followed */
  columns: ColumnPicture | null
  lookOf: (id: string) => NodeLook
  onSelect: (id: string | null) => void
  onToggle: (id: string) => void
  /** What is exported */
  drawing: RefObject<Draw | null>
}

/** Nodes that are smaller than so much of their size are drawn without words, where there are many. */
const far = 0.3

/** The graph as a picture that can be moved, enlarged and walked through by keys. */
export function LineageCanvas(props: LineageCanvasProps) {
  const { shown, layout, selected } = props
  const pane = useRef<HTMLDivElement>(null)
  const { view, size, change, drag, fitAll } = useViewport(pane, {
    layout,
    start: props.start,
    selected,
    opened: props.opened.join(),
  })
  const [isWhole, setWhole] = useState(false)
  const group = useRef<SVGGElement>(null)
  useDrawing(props.drawing, group, setWhole)
  const nodes = useMemo(() => shown.nodes.filter(({ id }) => layout.boxes.has(id)), [shown, layout])
  const isLarge = nodes.length > mostFine && !isWhole
  const isFar = isLarge && view.scale < far
  const walk = useWalk(props, size, change)
  const tabbable = layout.boxes.has(selected ?? '') ? selected : (nodes[0]?.id ?? null)
  const { x, y, width, height } = windowOf(view, size)
  // Made anew when there is something else to be seen, and not for every move.
  const drawn = useMemo(() => {
    const inSight = isLarge ? { x, y, width, height } : null
    if (!isFar) return <Drawing {...props} nodes={nodes} inSight={inSight} tabbable={tabbable} {...walk} />
    const own = nodes.filter(({ id }) => id === tabbable)
    return (
      <>
        <FarDrawing {...props} nodes={nodes} />
        <Drawing {...props} nodes={own} inSight={null} tabbable={tabbable} isWithoutEdges {...walk} />
      </>
    )
  }, [props, nodes, isLarge, isFar, tabbable, walk, x, y, width, height])
  const middle = { x: size.width / 2, y: size.height / 2 }
  const under = (event: MouseEvent): string | null =>
    isFar ? boxAt(layout, inDrawing(event, pane.current, view)) : null
  return (
    <div className={styles.frame}>
      <div
        ref={pane}
        className={styles.pane}
        {...drag}
        onClick={(event) => {
          const id = under(event)
          if (id !== null) props.onSelect(id)
        }}
        onDoubleClick={(event) => {
          const id = under(event)
          if (id !== null) props.onToggle(id)
        }}
      >
        <svg className={styles.svg} role="group" aria-label="Lineage graph" data-nodes={nodes.length}>
          <g ref={group} transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            {drawn}
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
      <Minimap layout={layout} view={view} size={size} roles={props.roles} onMove={change} />
    </div>
  )
}

function inDrawing({ clientX, clientY }: MouseEvent, pane: HTMLElement | null, view: Viewport): Point {
  const { left = 0, top = 0 } = pane?.getBoundingClientRect() ?? {}
  return { x: (clientX - left - view.x) / view.scale, y: (clientY - top - view.y) / view.scale }
}

/** A picture to take away has all in it, also what is out of sight. */
function useDrawing(
  drawing: RefObject<Draw | null>,
  group: RefObject<SVGGElement | null>,
  setWhole: (isWhole: boolean) => void,
): void {
  useImperativeHandle(
    drawing,
    () => (take) => {
      flushSync(() => setWhole(true))
      if (group.current) take(group.current)
      setWhole(false)
    },
    [group, setWhole],
  )
}

export interface Walk {
  onKey: (id: string, event: KeyboardEvent) => void
  /** Where each node's mark is, while it is drawn */
  onMark: (id: string, mark: SVGRectElement | null) => void
}

/** From node to node by keys. */
function useWalk(
  props: LineageCanvasProps,
  size: Size,
  change: (by: (view: Viewport) => Viewport) => void,
): Walk {
  const marks = useRef(new Map<string, SVGRectElement>())
  /** What is to be operated once it is drawn */
  const awaited = useRef<string | null>(null)
  return useMemo(() => {
    const { layout } = props
    const goTo = (id: string | null): void => {
      const box: Box | undefined = layout.boxes.get(id ?? '')
      if (id === null || !box) return
      props.onSelect(id)
      const mark = marks.current.get(id)
      awaited.current = mark ? null : id
      mark?.focus({ preventScroll: true })
      change((old) => reveal(old, box, size))
    }
    return {
      onKey: (id, event) => {
        if (event.key === 'Enter') props.onToggle(id)
        else if (event.key === ' ') props.onSelect(id)
        else if (event.key === 'Escape') props.onSelect(null)
        else if (isArrow(event.key)) goTo(neighbourAt(event.key, id, props))
        else return
        event.preventDefault()
      },
      onMark: (id, mark) => {
        if (!mark) {
          marks.current.delete(id)
          return
        }
        marks.current.set(id, mark)
        if (awaited.current !== id) return
        awaited.current = null
        mark.focus({ preventScroll: true })
      },
    }
  }, [props, size, change])
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
