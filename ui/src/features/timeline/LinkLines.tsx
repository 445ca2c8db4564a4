import { useId } from 'react'
import { stretchOf } from './lanes'
import type { Link } from './timelineQueries'
import { toX, type View } from './view'
import styles from './TimelineChart.module.css'

interface LinkLinesProps {
  links: Link[]
  /** Those that lead to or from what is looked at */
  chain: ReadonlySet<Link>
  view: View
  width: number
  height: number
  now: number
  /** The middle of a pipeline's lane, in pixels from the top; undefined where it has none here */
  middleOf: (pipelineId: string) => number | undefined
  /** The part of the chart that is in sight, in pixels from the top */
  window: { top: number; bottom: number }
}

/** So many quiet lines say that there are many. */
const mostQuiet = 400

/** From the run that ended to the run that a dependency started after it, across lanes and systems. */
export function LinkLines({ links, chain, ...place }: LinkLinesProps) {
  const arrow = useId()
  const quiet = links
    .filter((link) => !chain.has(link))
    .flatMap((link) => pathOf(link, place, false) ?? [])
    .slice(0, mostQuiet)
  return (
    <svg className={styles.links} width={place.width} height={place.height} aria-hidden>
      <defs>
        <marker
          id={arrow}
          viewBox="0 0 8 8"
          refX="6.5"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto"
        >
          <path d="M1 1 L7 4 L1 7 Z" className={styles.arrow} />
        </marker>
      </defs>
      <path d={quiet.join('')} className={styles.quietLink} data-lit={chain.size > 0 || undefined} />
      {[...chain].map((link) => {
        const path = pathOf(link, place, true)
        return (
          path && (
            <path
              key={`${link.dependency} ${link.upstream.runId} ${link.downstream.runId}`}
              d={path}
              className={styles.link}
              markerEnd={`url(#${arrow})`}
            />
          )
        )
      })}
    </svg>
  )
}

/** A curve between two bars; none where a bar has no lane here, or nothing of it would be seen. */
function pathOf(
  { upstream, downstream }: Link,
  { view, width, now, middleOf, window }: Omit<LinkLinesProps, 'links' | 'chain'>,
  isAlways: boolean,
): string | null {
  const [y1, y2] = [middleOf(upstream.pipelineId), middleOf(downstream.pipelineId)]
  if (y1 === undefined || y2 === undefined) return null
  const ended = stretchOf({ ...upstream, state: 'SUCCESS', runCount: 1 }, now).to
  const [x1, x2] = [toX(ended, view, width), toX(Date.parse(downstream.beginsAt), view, width)]
  if (Math.max(x1, x2) < 0 || Math.min(x1, x2) > width) return null
  const isSeen = (y: number): boolean => y >= window.top && y <= window.bottom
  if (!isAlways && !isSeen(y1) && !isSeen(y2)) return null
  const bend = Math.min(Math.max(Math.abs(x2 - x1) / 2, 14), 48)
  const end = x2 - 1
  return `M${round(x1)} ${y1}C${round(x1 + bend)} ${y1} ${round(end - bend)} ${y2} ${round(end)} ${y2}`
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
