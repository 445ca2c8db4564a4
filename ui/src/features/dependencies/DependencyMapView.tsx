import parts from '@/graph/parts.module.css'
import { Link } from '@tanstack/react-router'
import { ArrowRightLeft } from 'lucide-react'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { EndpointMark } from './Endpoints'
import { mapOf, type MapEdge, type MapNode, sizesFor } from './dependencyMap'
import styles from './DependencyMapView.module.css'
import type { ListedDependency } from './dependencyQueries'
import { firingStates } from './dependencyWords'

const height = 48
const below = 14

interface Sizes {
  width: number
  between: number
}

/** What the dependencies join, from left to right. The list says the same in words. */
export function DependencyMapView({ dependencies }: { dependencies: ListedDependency[] }) {
  const map = useMemo(() => mapOf(dependencies), [dependencies])
  const frame = useRef<HTMLDivElement>(null)
  const sizes = sizesFor(map.columns, useWidth(frame))
  const size = {
    width: map.columns * (sizes.width + sizes.between) - sizes.between,
    height: map.rows * (height + below) - below,
  }
  return (
    <div
      ref={frame}
      className={styles.scroll}
      role="region"
      aria-label="Map of the dependencies"
      tabIndex={0}
    >
      <div className={parts.canvas} style={size}>
        <svg {...size} className={parts.edges} aria-hidden>
          {map.edges.map((edge) => (
            <Edge key={`${edge.from.key} ${edge.to.key}`} edge={edge} sizes={sizes} />
          ))}
        </svg>
        {map.nodes.map((node) => (
          <Node key={node.key} node={node} sizes={sizes} />
        ))}
      </div>
    </div>
  )
}

/** Between the frame's paddings; until it is measured, that of a usual window. */
function useWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1280)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width))
    })
    if (frame.current) observer.observe(frame.current)
    return () => observer.disconnect()
  }, [frame])
  return width
}

function left({ column }: MapNode, { width, between }: Sizes): number {
  return column * (width + between)
}

function top({ row }: MapNode): number {
  return row * (height + below)
}

function Edge({ edge: { from, to, dependency }, sizes }: { edge: MapEdge; sizes: Sizes }) {
  const { width, between } = sizes
  const [x1, x2] = [left(from, sizes) + width, left(to, sizes)]
  const [y1, y2] = [top(from) + height / 2, top(to) + height / 2]
  const bend = Math.max(between / 2, Math.abs(x2 - x1) / 2.5)
  // On through the place that is kept free for it.
  const on = to.what === 'bend' ? ` H${x2 + width}` : ''
  return (
    <path
      d={`M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}${on}`}
      className={styles.edge}
      data-tone={toneOf(dependency)}
      data-stopped={isStopped(dependency) || undefined}
    />
  )
}

function Node({ node, sizes }: { node: MapNode; sizes: Sizes }) {
  const { what, name, where, dependency } = node
  return (
    <div
      className={`${parts.card ?? ''} ${styles.node ?? ''}`}
      data-what={what}
      data-tone={dependency ? toneOf(dependency) : undefined}
      data-stopped={dependency && isStopped(dependency) ? true : undefined}
      style={{ left: left(node, sizes), top: top(node), width: sizes.width, height }}
    >
      {what === 'dependency' || what === 'bend' ? (
        <ArrowRightLeft size={15} className={styles.joint} aria-hidden />
      ) : (
        <EndpointMark what={what} orchestrator={where} />
      )}
      <div className={styles.text}>
        <p className={parts.name} title={name}>
          <Name node={node} />
        </p>
        <p className={parts.under} title={where}>
          {dependency ? standingWords(dependency) : where}
        </p>
      </div>
    </div>
  )
}

function Name({ node: { what, name, pipelineId } }: { node: MapNode }) {
  if (what === 'dependency') {
    return (
      <Link to="/dependencies/$name" params={{ name }}>
        {name}
      </Link>
    )
  }
  if (pipelineId === null) return name
  return (
    <Link to="/pipelines/$pipelineId" params={{ pipelineId }}>
      {name}
    </Link>
  )
}

function isStopped({ isEnabled, isPaused }: ListedDependency): boolean {
  return !isEnabled || isPaused
}

function toneOf({ newest }: ListedDependency): string | undefined {
  return newest ? firingStates[newest.state].tone : undefined
}

function standingWords({ isEnabled, isPaused, newest }: ListedDependency): string {
  if (isPaused) return 'paused'
  if (!isEnabled) return 'off'
  return newest ? `${firingStates[newest.state].word.toLowerCase()} · ${newest.key}` : 'has not fired yet'
}
