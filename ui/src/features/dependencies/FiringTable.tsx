import { RunStateBadge } from '@/features/runs/StateBadge'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { conditionTree } from './conditionTree'
import { FiringBadge } from './DependencyBadges'
import type { Dependency, Firing } from './dependencyQueries'
import { progressWords } from './dependencyWords'
import { FiringActions } from './FiringActions'
import { FiringStory } from './FiringStory'
import styles from './FiringTable.module.css'

// The roles repeat what the elements are: on a phone the rows are laid out as cards; see RunsTable.

/** Firings, newest first; each opens to what it has waited for and what has happened to it. */
export function FiringTable({ dependency, firings }: { dependency: Dependency; firings: Firing[] }) {
  return (
    <table className={styles.table} role="table" aria-label="Firings">
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {['Key', 'State', 'Conditions', 'Triggered', 'Run', 'Actions'].map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name === 'Actions' ? <span className="visually-hidden">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      {firings.map((firing) => (
        <FiringRow key={firing.id} dependency={dependency} firing={firing} />
      ))}
    </table>
  )
}

function FiringRow({ dependency, firing }: { dependency: Dependency; firing: Firing }) {
  const [isOpen, setOpen] = useState(false)
  const story = useId()
  const { key, state, generation, lastError, run, isPossibleDouble, triggeredAt } = firing
  return (
    <tbody role="rowgroup" className={styles.body}>
      <tr role="row" className={styles.row}>
        <td role="cell" className={styles.key}>
          <button
            type="button"
            className={styles.opener}
            aria-expanded={isOpen}
            aria-controls={isOpen ? story : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <ChevronRight aria-hidden size={15} className={styles.chevron} />
            <code>{key}</code>
          </button>
          {generation > 1 && <span className={styles.sub}>fired again, {generation} in all</span>}
        </td>
        <td role="cell" className={styles.state}>
          <span key={state} className={styles.changed}>
            <FiringBadge {...firing} />
          </span>
        </td>
        <td role="cell" className={styles.conditions}>
          {progressWords(conditionTree(dependency), firing)}
          {lastError !== null && <span className={styles.error}>{lastError}</span>}
          {isPossibleDouble && (
            <span className={styles.error}>
              It was sent again: look for a second run at the orchestrator.
            </span>
          )}
        </td>
        <td role="cell" className={styles.triggered} data-empty={triggeredAt === null || undefined}>
          <Instant at={triggeredAt} />
        </td>
        <td role="cell" className={styles.run} data-empty={run === null || undefined}>
          {run ? (
            <span className={styles.itsRun}>
              <Link to="/runs/$runId" params={{ runId: run.id }}>
                {run.externalId}
              </Link>
              <RunStateBadge state={run.state} nativeState={run.nativeState} />
            </span>
          ) : (
            <span className={styles.sub}>–</span>
          )}
        </td>
        <td role="cell" className={styles.actions}>
          <FiringActions dependency={dependency} firing={firing} />
        </td>
      </tr>
      {isOpen && (
        <tr role="row" id={story} className={styles.story}>
          <td role="cell" colSpan={6}>
            <FiringStory dependency={dependency} firing={firing} />
          </td>
        </tr>
      )}
    </tbody>
  )
}
