import { EmptyState } from '@/components/Notice'
import { runStates, taskRunStates } from '@/features/runs/runState'
import { runSubject } from '@/features/runs/runWords'
import { formatDuration, formatInstant, type Zone } from '@/time/format'
import { zone } from '@/features/preferences/preferences'
import { useStore } from '@/api/store'
import { useNow } from '@/time/useNow'
import { Link } from '@tanstack/react-router'
import { Grid3x3 } from 'lucide-react'
import { type CSSProperties, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { durationOf } from './durationScale'
import type { PipelineDetail } from './pipelineQueries'
import { type Cell, type GridRun, gridRows, move, type Place } from './gridRows'
import styles from './RunGrid.module.css'

interface RunGridProps {
  /** The oldest first */
  runs: GridRun[]
  tasks: PipelineDetail['tasks']
  edges: PipelineDetail['taskEdges']
}

/** What is told about a cell, also to those who do not see it. */
interface Words {
  title: string
  lines: string[]
}

/** The last runs by their tasks. One cell can be reached by the tab key, the others from it by arrow keys. */
export function RunGrid({ runs, tasks, edges }: RunGridProps) {
  const [place, setPlace] = useState<Place>({ row: -1, column: runs.length - 1 })
  const [shown, setShown] = useState<{ words: Words; at: HTMLElement } | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const tell = useWords()
  const rows = gridRows(runs, tasks, edges)
  useLayoutEffect(() => {
    // The newest run stands at the end.
    if (scroller.current) scroller.current.scrollLeft = scroller.current.scrollWidth
  }, [runs.length])
  if (runs.length === 0) {
    return (
      <EmptyState icon={Grid3x3} title="No runs yet">
        <p>Each run is a column here, each task a row.</p>
      </EmptyState>
    )
  }
  const current = {
    row: Math.min(place.row, rows.length - 1),
    column: Math.min(place.column, runs.length - 1),
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setShown(null)
    const next = move(current, event.key, rows.length, runs.length)
    if (!next) return
    event.preventDefault()
    setPlace(next)
    table.current?.querySelector<HTMLElement>(`[data-place="${next.row} ${next.column}"]`)?.focus()
  }
  const square = (row: number, column: number, run: GridRun, words: Words, look: SquareLook) => (
    <Link
      to="/runs/$runId"
      params={{ runId: run.id }}
      data-place={`${row} ${column}`}
      data-tone={look.tone}
      data-busy={look.isBusy}
      tabIndex={row === current.row && column === current.column ? 0 : -1}
      aria-label={[words.title, ...words.lines].join(', ')}
      className={row < 0 ? styles.run : styles.square}
      onFocus={({ currentTarget }) => {
        setPlace({ row, column })
        setShown({ words, at: currentTarget })
      }}
      onBlur={() => setShown(null)}
      onMouseEnter={({ currentTarget }) => setShown({ words, at: currentTarget })}
      onMouseLeave={() => setShown(null)}
    >
      {look.mark}
    </Link>
  )
  return (
    <div className={styles.frame} style={{ '--runs': runs.length } as CSSProperties}>
      <div ref={scroller} className={styles.scroller} onScroll={() => setShown(null)}>
        <table
          ref={table}
          role="grid"
          aria-label="Last runs by task"
          className={styles.grid}
          onKeyDown={onKeyDown}
        >
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col" className={styles.corner}>
                Run
              </th>
              {runs.map((run, column) => (
                <th key={run.id} role="columnheader" scope="col" className={styles.cell}>
                  {square(-1, column, run, tell.run(run), {
                    tone: runStates[run.state].tone,
                    isBusy: run.state === 'RUNNING',
                  })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map(({ key, name, cells }, row) => (
              <tr key={key} role="row">
                <th role="rowheader" scope="row" className={styles.task} title={name}>
                  <span>{name}</span>
                </th>
                {runs.map((run, column) => {
                  const cell = cells[column] ?? null
                  return (
                    <td key={run.id} role="gridcell" className={styles.cell}>
                      {square(row, column, run, tell.task(name, run, cell), lookOf(cell))}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown && <Tip {...shown} />}
      <Legend rows={rows.flatMap(({ cells }) => cells)} />
    </div>
  )
}

interface SquareLook {
  tone: string
  isBusy?: boolean
  mark?: string | undefined
}

function lookOf(cell: Cell | null): SquareLook {
  if (cell === null) return { tone: 'none' }
  const mark = cell.attempt > 1 ? String(cell.attempt) : undefined
  return { tone: toneOf(cell), isBusy: cell.state === 'RUNNING', mark }
}

/** Upstream of it something failed: not a failure of its own, and not to be mistaken for one. */
function toneOf({ state }: Cell): string {
  return state === 'UPSTREAM_FAILED' ? 'blocked' : taskRunStates[state].tone
}

function useWords() {
  const chosen = useStore(zone)
  const now = useNow(5_000)
  const title = (run: GridRun): string => runSubject(run) ?? whenOf(run, now, chosen) ?? run.externalId
  return {
    run: (run: GridRun): Words => ({
      title: `Run ${title(run)}`,
      lines: [runStates[run.state].word, ...timesOf(run, run.state === 'RUNNING', now, chosen)],
    }),
    task: (name: string, run: GridRun, cell: Cell | null): Words => ({
      title: `${name}, run ${title(run)}`,
      lines: cell
        ? [
            taskRunStates[cell.state].word +
              (cell.instances > 1 ? ` (${cell.inState} of ${cell.instances})` : ''),
            `attempt ${cell.attempt}`,
            ...timesOf(cell, cell.state === 'RUNNING', now, chosen),
          ]
        : ['Not reached'],
    }),
  }
}

function whenOf({ startedAt, queuedAt }: GridRun, now: number, chosen: Zone): string | null {
  const at = startedAt ?? queuedAt
  return at && formatInstant(Date.parse(at), now, chosen)
}

function timesOf(
  timed: { startedAt: string | null; endedAt: string | null },
  isRunning: boolean,
  now: number,
  chosen: Zone,
): string[] {
  const duration = durationOf(timed, isRunning, now)
  return [
    ...(duration === null ? [] : [formatDuration(duration)]),
    ...(timed.startedAt ? [`started ${formatInstant(Date.parse(timed.startedAt), now, chosen)}`] : []),
  ]
}

/** Beside the cell that is pointed at or focused; its words are the cell's name too, so it is hidden from readers. */
function Tip({ words, at }: { words: Words; at: HTMLElement }) {
  const tip = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const frame = tip.current?.parentElement?.getBoundingClientRect()
    if (!tip.current || !frame) return
    const cell = at.getBoundingClientRect()
    const middle = cell.left + cell.width / 2 - frame.left - tip.current.offsetWidth / 2
    const left = Math.min(Math.max(middle, 8), frame.width - tip.current.offsetWidth - 8)
    tip.current.style.left = `${left}px`
    tip.current.style.top = `${cell.bottom - frame.top + 6}px`
  }, [at, words])
  return (
    <div ref={tip} className={styles.tip} aria-hidden>
      <strong>{words.title}</strong>
      <span>{words.lines.join(' · ')}</span>
    </div>
  )
}

const legend: [string, string][] = [
  ['good', 'Success'],
  ['bad', 'Failed'],
  ['blocked', 'Upstream failed'],
  ['active', 'Running'],
  ['caution', 'Waiting or to be retried'],
  ['neutral', 'Skipped, cancelled or pending'],
  ['odd', 'Unknown'],
]

function Legend({ rows }: { rows: (Cell | null)[] }) {
  const seen = new Set(rows.flatMap((cell) => (cell ? [toneOf(cell)] : [])))
  const hasTries = rows.some((cell) => cell !== null && cell.attempt > 1)
  return (
    <ul className={styles.legend} aria-label="What the colours say">
      {legend
        .filter(([tone]) => seen.has(tone))
        .map(([tone, word]) => (
          <li key={tone}>
            <span className={styles.sample} data-tone={tone} /> {word}
          </li>
        ))}
      {hasTries && <li>Number in a cell: attempts</li>}
    </ul>
  )
}
