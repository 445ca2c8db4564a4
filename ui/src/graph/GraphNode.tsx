import type { Box } from '@/features/lineage/layout'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { DrawnNode } from './drawn'
import styles from './Graph.module.css'
import parts from './parts.module.css'

interface GraphNodeProps {
  node: DrawnNode
  box: Box | undefined
  isTabbable: boolean
  onFocus: (id: string) => void
  onPoint: (id: string) => void
}

/** One node: a link where it has a page, and otherwise a picture that can be reached all the same. */
export const GraphNode = memo(function GraphNode({ node, box, ...props }: GraphNodeProps) {
  const { id, name, under, link, label } = node
  if (!box) return null
  const handle = {
    className: styles.handle ?? '',
    'data-node': id,
    'aria-label': label,
    title: under ? `${name}\n${under}` : name,
    tabIndex: props.isTabbable ? 0 : -1,
    onFocus: () => {
      props.onFocus(id)
      props.onPoint(id)
    },
    onMouseEnter: () => props.onPoint(id),
  }
  return (
    <li className={styles.place} style={{ left: box.x, top: box.y, width: box.width, height: box.height }}>
      <Face node={node} />
      {link ? <Link {...link} {...handle} /> : <div role="img" {...handle} />}
    </li>
  )
})

/** All of it is in the label of what is operated, where nothing is shortened. */
function Face({ node: { name, under, state, mark, tag, isMarked } }: { node: DrawnNode }) {
  const Icon = state?.icon
  return (
    <div
      className={`${parts.card ?? ''} ${styles.node ?? ''}`}
      data-tone={state?.tone ?? 'none'}
      data-marked={isMarked || undefined}
      aria-hidden
    >
      {tag && <span className={styles.tag}>{tag}</span>}
      {mark}
      <span className={styles.words}>
        <span className={parts.name}>{name}</span>
        {under && <span className={parts.under}>{under}</span>}
      </span>
      {Icon && <Icon size={16} strokeWidth={2.25} className={styles.state} data-turning={state.isTurning} />}
    </div>
  )
}
