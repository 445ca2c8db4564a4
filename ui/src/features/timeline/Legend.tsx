import { runStateOrder, runStates } from '@/features/runs/runState'
import { slaStates } from '@/features/slas/slaStates'
import { type Deadlines, statesOf } from './deadlines'
import { Flag } from './Flags'
import type { TimelinePages } from './timelineQueries'
import styles from './TimelineChart.module.css'

/** What the bars and marks say, as far as they are there, and how to move. */
export function Legend({ data, deadlines }: { data: TimelinePages; deadlines: Deadlines }) {
  const lanes = data.pages.flatMap(({ timeline }) => timeline.edges.map(({ node }) => node))
  const seen = new Set(lanes.flatMap(({ bars }) => bars.map(({ state }) => state)))
  const isLinked = data.pages.some(({ timeline }) => timeline.links.length > 0)
  const isExpected = lanes.some(({ pipeline }) => pipeline.nextRunAt !== null && !pipeline.isPaused)
  const due = statesOf(
    deadlines,
    lanes.map(({ pipeline }) => pipeline.id),
  )
  return (
    <div className={styles.foot}>
      <ul className={styles.legend} aria-label="What the bars say">
        {runStateOrder
          .filter((state) => seen.has(state))
          .map((state) => (
            <li key={state}>
              <span
                className={styles.sample}
                data-state={state}
                data-open={state === 'RUNNING' || undefined}
              />
              {runStates[state].word}
            </li>
          ))}
        {isExpected && (
          <li>
            <span className={styles.expectedSample} /> Expected start
          </li>
        )}
        {due.map((state) => (
          <li key={state}>
            <Flag state={state} /> Deadline {slaStates[state].word.toLowerCase()}
          </li>
        ))}
        {isLinked && (
          <li>
            <span className={styles.linkSample} /> Started by a dependency
          </li>
        )}
      </ul>
      <p className={styles.hint}>
        Drag to pan, Ctrl + scroll to zoom. On a bar: arrow keys move, + and − zoom.
      </p>
    </div>
  )
}
