import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { type KeyboardEvent, memo, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type DrawnEdge, type DrawnNode, firstLook, isTrail } from './drawn'
import styles from './Graph.module.css'
import { GraphNode } from './GraphNode'
import parts from './parts.module.css'
import { drawable, edgeId, type Placed } from './placing'
import { usePlaced } from './usePlaced'
import { inOrder, stepFrom } from './walking'

export interface GraphProps {
  /** What it is of, for those who do not see it */
  label: string
  nodes: DrawnNode[]
  edges: DrawnEdge[]
  /** Of each node, in pixels */
  nodeWidth: number
}

/** A graph to be read: what comes after something stands to its right. One node is reached by Tab, the others by arrows. */
export default function Graph({ label, nodes, edges, nodeWidth }: GraphProps) {
  const known = useMemo(() => drawable(nodes, edges), [nodes, edges])
  const { data: placed, error, refetch } = usePlaced(nodes, known, nodeWidth)
  if (error) {
    return (
      <div className={styles.padded}>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    )
  }
  if (!placed) {
    return (
      <div className={styles.padded}>
        <Skeleton lines={1} height={9} label="graph" />
      </div>
    )
  }
  return <Drawing label={label} nodes={nodes} edges={known} placed={placed} />
}

function Drawing({ label, nodes, edges, placed }: Omit<GraphProps, 'nodeWidth'> & { placed: Placed }) {
  const list = useRef<HTMLUListElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [pointed, setPointed] = useState<string | null>(null)
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes])
  const order = useMemo(() => inOrder(placed).flatMap((id) => byId.get(id) ?? []), [placed, byId])
  const first = firstLook(order)
  const tabbable = byId.has(focused ?? '') ? focused : first
  const scroller = useFirstLook(first, placed)
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = tabbable === null ? null : stepFrom(event.key, tabbable, edges, placed)
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const marks = list.current?.querySelectorAll<HTMLElement>('[data-node]') ?? []
    const mark = [...marks].find(({ dataset }) => dataset['node'] === next)
    mark?.focus({ preventScroll: true })
    mark?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
  const leave = useCallback(() => setPointed(null), [])
  return (
    <div ref={scroller} className={styles.scroller}>
      <div className={parts.canvas} style={{ width: placed.width, height: placed.height }}>
        <Frames placed={placed} />
        <Edges edges={edges} nodes={byId} placed={placed} pointed={pointed} />
        <ul ref={list} aria-label={label} onKeyDown={onKeyDown} onMouseLeave={leave} onBlur={leave}>
          {order.map((node) => (
            <GraphNode
              key={node.id}
              node={node}
              box={placed.boxes.get(node.id)}
              isTabbable={node.id === tabbable}
              onFocus={setFocused}
              onPoint={setPointed}
            />
          ))}
        </ul>
      </div>
    </div>
  )
}

/** What is to be looked at first is in sight, where the graph is larger than its place. */
function useFirstLook(first: string | null, placed: Placed) {
  const scroller = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const [pane, box] = [scroller.current, placed.boxes.get(first ?? '')]
    if (!pane || !box) return
    pane.scrollLeft = box.x + box.width / 2 - pane.clientWidth / 2
    pane.scrollTop = box.y + box.height / 2 - pane.clientHeight / 2
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new state must not move what somebody looks at
  }, [placed])
  return scroller
}

const Frames = memo(function Frames({ placed }: { placed: Placed }) {
  return placed.frames.map(({ name, box: { x, y, ...size } }) => (
    <div key={name} className={styles.frame} style={{ left: x, top: y, ...size }}>
      <span title={name}>{name}</span>
    </div>
  ))
})

interface EdgesProps {
  edges: DrawnEdge[]
  nodes: Map<string, DrawnNode>
  placed: Placed
  pointed: string | null
}

/** All that is said by them is said in the nodes' labels too. */
function Edges({ edges, nodes, placed, pointed }: EdgesProps) {
  return (
    <svg className={parts.edges} width={placed.width} height={placed.height} aria-hidden>
      {edges.map((edge) => {
        const path = placed.paths.get(edgeId(edge))
        const isNear = edge.source === pointed || edge.target === pointed
        return (
          path && (
            <EdgeMark
              key={edgeId(edge)}
              {...path}
              look={isNear ? 'near' : isTrail(edge, nodes) ? 'trail' : 'plain'}
              isAssumed={edge.isAssumed ?? false}
            />
          )
        )
      })}
    </svg>
  )
}

interface EdgeMarkProps {
  line: string
  arrow: string
  look: 'near' | 'trail' | 'plain'
  isAssumed: boolean
}

const EdgeMark = memo(function EdgeMark({ line, arrow, look, isAssumed }: EdgeMarkProps) {
  return (
    <g className={styles.edge} data-look={look} data-assumed={isAssumed || undefined}>
      <path className={styles.line} d={line} />
      <path className={styles.arrow} d={arrow} />
    </g>
  )
})
