import { Badge } from '@/components/Badge'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import { useKnownUntil } from '@/features/orchestrators/useOutdated'
import { fullName } from '@/features/pipelines/nameContext'
import { runStates } from '@/features/runs/runState'
import type { Zone } from '@/time/format'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import type { Spot } from './lanes'
import type { Link } from './timelineQueries'
import { barWords, mostLinks as most } from './timelineWords'
import styles from './RunCard.module.css'

interface RunCardProps {
  spot: Spot
  links: Link[]
  now: number
  zone: Zone
  /** What it is about, beside which it stands */
  anchor: HTMLElement
}

/** What a bar stands for. Its words are the bar's name too, so it is hidden from screen readers. */
export function RunCard({ spot: { lane, bar }, links, now, zone, anchor }: RunCardProps) {
  const card = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const frame = card.current?.parentElement?.getBoundingClientRect()
    if (!card.current || !frame) return
    const { offsetWidth, offsetHeight } = card.current
    const at = anchor.getBoundingClientRect()
    const left = Math.max(at.left, frame.left) - frame.left
    const below = at.bottom - frame.top + 8
    // What reaches over the panel's edge is cut off.
    const edge = card.current.closest('section')?.getBoundingClientRect().bottom ?? Infinity
    const isRoom = at.bottom + offsetHeight + 16 < Math.min(edge, window.innerHeight)
    card.current.style.left = `${Math.max(8, Math.min(left, frame.width - offsetWidth - 8))}px`
    card.current.style.top = `${isRoom ? below : at.top - frame.top - offsetHeight - 8}px`
  })
  const { pipeline } = lane
  const known = useKnownUntil(pipeline.orchestrator.name, now)
  const words = barWords(bar, now, zone, known)
  const before = links.filter(({ downstream }) => downstream.runId === bar.runId)
  const after = links.filter(({ upstream }) => upstream.runId === bar.runId)
  return (
    <div ref={card} className={styles.card} aria-hidden>
      <strong className={styles.name}>{fullName(pipeline)}</strong>
      <span className={styles.where}>{pipeline.orchestrator.name}</span>
      <span>
        <Badge {...runStates[bar.state]} isTurning={bar.state === 'RUNNING' && known === now} />{' '}
        {bar.runCount > 1 && <span className={styles.where}>{words.state}</span>}
      </span>
      <span className={styles.times}>{words.times}</span>
      <OutdatedMark orchestrator={pipeline.orchestrator.name} />
      {before.slice(0, most).map((link) => (
        <span key={link.upstream.runId} className={styles.link}>
          <ArrowLeft size={13} /> after {link.upstream.name}, by {link.dependency}
        </span>
      ))}
      {after.slice(0, most).map((link) => (
        <span key={link.downstream.runId} className={styles.link}>
          <ArrowRight size={13} /> started {link.downstream.name}, by {link.dependency}
        </span>
      ))}
      {bar.runCount > 1 && <span className={styles.where}>Click to zoom in</span>}
    </div>
  )
}
