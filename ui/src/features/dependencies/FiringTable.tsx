import { CardTable, Cell, Row, Rows } from '@/components/CardTable'
import { Changed } from '@/components/Changed'
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

const headings = ['Key', 'State', 'Conditions', 'Triggered', 'Run', { title: 'Actions', isHidden: true }]
const card = `
  'key state actions' auto
  'conditions conditions conditions' auto
  'run triggered triggered' auto / 1fr auto auto`

/** Firings, newest first; each opens to what it has waited for and what has happened to it. */
export function FiringTable({ dependency, firings }: { dependency: Dependency; firings: Firing[] }) {
  return (
    <CardTable label="Firings" headings={headings} cardsBelow={62} card={card} className={styles.table}>
      {firings.map((firing) => (
        <FiringRow key={firing.id} dependency={dependency} firing={firing} />
      ))}
    </CardTable>
  )
}

function FiringRow({ dependency, firing }: { dependency: Dependency; firing: Firing }) {
  const [isOpen, setOpen] = useState(false)
  const story = useId()
  const { key, state, generation, lastError, run, isPossibleDouble, triggeredAt } = firing
  return (
    <Rows>
      <Row>
        <Cell area="key">
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
        </Cell>
        <Cell area="state" className={styles.state}>
          <Changed of={state}>
            <FiringBadge {...firing} />
          </Changed>
        </Cell>
        <Cell area="conditions" className={styles.conditions}>
          {progressWords(conditionTree(dependency), firing)}
          {lastError !== null && <span className={styles.error}>{lastError}</span>}
          {isPossibleDouble && (
            <span className={styles.error}>
              It was sent again: look for a second run at the orchestrator.
            </span>
          )}
        </Cell>
        <Cell area="triggered" className={styles.triggered} data-empty={triggeredAt === null || undefined}>
          <Instant at={triggeredAt} />
        </Cell>
        <Cell area="run" className={styles.run} data-empty={run === null || undefined}>
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
        </Cell>
        <Cell area="actions" isAtEnd>
          <FiringActions dependency={dependency} firing={firing} />
        </Cell>
      </Row>
      {isOpen && (
        <Row id={story} className={styles.story}>
          <Cell area="1 / 1 / auto / -1" colSpan={headings.length}>
            <FiringStory dependency={dependency} firing={firing} />
          </Cell>
        </Row>
      )}
    </Rows>
  )
}
