import { Database } from 'lucide-react'
import { type KeyboardEvent, memo, useCallback } from 'react'
import type { GraphNode, Role, Side } from './graph'
import styles from './GraphNodeMark.module.css'
import { HealthMark } from './HealthMark'
import hues from './hues.module.css'
import { type Box, type Flow, nodeSize, rowHeight } from './layout'
import type { Trouble } from './lineageQueries'
import type { ColumnRow } from './columnPicture'
import { type Health, letters, shorten } from './looks'

export interface NodeLook {
  /** What is read out */
  label: string
  health: Health | null
  incident: Trouble | null
  hue: number | null
  colour: 'orchestrator' | 'health'
  /** Columns that are followed, below all else */
  rows: ColumnRow[]
}

interface GraphNodeMarkProps {
  node: GraphNode
  box: Box | undefined
  look: NodeLook
  flow: Flow
  role: Role | undefined
  hidden: Record<Side, number> | undefined
  isStart: boolean
  isTabbable: boolean
  onSelect: (id: string) => void
  onToggle: (id: string) => void
  onKey: (id: string, event: KeyboardEvent) => void
  onMark: (id: string, mark: SVGRectElement | null) => void
}

/** One node of the picture; it is made anew only where something about it has changed. */
export const GraphNodeMark = memo(function GraphNodeMark(props: GraphNodeMarkProps) {
  const { node, box, look, role, isStart, onMark } = props
  const { id } = node
  const mark = useCallback((element: SVGRectElement | null) => onMark(id, element), [id, onMark])
  if (!box) return null
  const { health, hue, colour } = look
  return (
    <g
      className={`${styles.node ?? ''} ${hues['hued'] ?? ''}`}
      transform={`translate(${box.x} ${box.y})`}
      data-role={role}
      data-start={isStart || undefined}
      {...(colour === 'health' ? { 'data-tone': health?.tone ?? 'none' } : { 'data-hue': hue ?? 'none' })}
    >
      {/* All of it is in the label of what is operated, where nothing is shortened. */}
      <g aria-hidden>
        <rect className={styles.ring} x={-4} y={-4} width={box.width + 8} height={box.height + 8} rx={15} />
        <rect className={styles.card} width={box.width} height={box.height} rx={11} />
        <Tile node={node} />
        <text className={styles.name} x={48} y={25}>
          {shorten(node.name, roomFor(health))}
        </text>
        <text className={styles.under} x={48} y={42}>
          {shorten(node.where, 25)}
        </text>
        <Rows rows={look.rows} box={box} />
        <HealthMark health={health} x={box.width - 25} y={9} />
      </g>
      <rect
        ref={mark}
        className={styles.handle}
        width={box.width}
        height={box.height}
        rx={11}
        role="button"
        tabIndex={props.isTabbable ? 0 : -1}
        aria-label={look.label}
        aria-pressed={role === 'selected'}
        onClick={() => props.onSelect(id)}
        onDoubleClick={() => props.onToggle(id)}
        onKeyDown={(event) => props.onKey(id, event)}
      >
        <title>{`${node.name}\n${node.where}`}</title>
      </rect>
      <More hidden={props.hidden} flow={props.flow} onToggle={() => props.onToggle(id)} box={box} />
    </g>
  )
})

/** Letters beside the mark of its health; more where it has none. */
function roomFor(health: Health | null): number {
  return health ? 19 : 22
}

function Tile({ node }: { node: GraphNode }) {
  if (node.type === 'Dataset') {
    return (
      <>
        <circle className={styles.tile} cx={26} cy={28} r={14} />
        <Database className={styles.letters} x={18.5} y={20.5} width={15} height={15} />
      </>
    )
  }
  return (
    <>
      <rect className={styles.tile} x={12} y={14} width={28} height={28} rx={7} />
      <text className={styles.letters} x={26} y={32.5} textAnchor="middle">
        {letters(node)}
      </text>
    </>
  )
}

function Rows({ rows, box }: { rows: ColumnRow[]; box: Box }) {
  // Until there is room for them
  if (box.height <= nodeSize.height) return null
  return rows.map(({ name, isChosen }, place) => (
    <g key={name} transform={`translate(0 ${nodeSize.height + place * rowHeight})`}>
      <rect
        className={styles.row}
        data-chosen={isChosen || undefined}
        x={8}
        width={nodeSize.width - 16}
        height={rowHeight - 2}
        rx={5}
      />
      <text className={styles.field} data-chosen={isChosen || undefined} x={18} y={14.5}>
        {shorten(name, 28)}
      </text>
    </g>
  ))
}

/** How many neighbours are not shown, where the graph goes on; a click shows them. */
type MoreProps = Pick<GraphNodeMarkProps, 'hidden' | 'flow'> & { onToggle: () => void; box: Box }

function More({ hidden, box, flow, onToggle }: MoreProps) {
  if (!hidden) return null
  const places: [Side, number, number][] =
    flow === 'RIGHT'
      ? [['up', 0, box.height / 2], ['down', box.width, box.height / 2]] // prettier-ignore
      : [['up', box.width / 2, 0], ['down', box.width / 2, box.height]] // prettier-ignore
  return places
    .filter(([side]) => hidden[side] > 0)
    .map(([side, x, y]) => (
      <g
        key={side}
        className={styles.more}
        transform={`translate(${x} ${y})`}
        aria-hidden
        onClick={(event) => {
          event.stopPropagation()
          onToggle()
        }}
      >
        <rect x={-16} y={-11} width={32} height={22} rx={11} />
        <text y={4} textAnchor="middle">
          +{hidden[side]}
        </text>
      </g>
    ))
}
