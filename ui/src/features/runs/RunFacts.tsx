import { Facts } from '@/components/Facts'
import { Panel } from '@/components/Panel'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import styles from './RunPage.module.css'
import { RunElapsed } from './RunElapsed'
import type { RunDetail } from './runQueries'
import { runSubject, triggerWords } from './runWords'
import { RunStateBadge } from './StateBadge'

/** What is known of a run besides its tasks. */
export function RunFacts({ run }: { run: RunDetail }) {
  return (
    <Panel title="Run">
      <Facts
        facts={[
          [run.partition ? 'Partition' : 'Logical date', runSubject(run)],
          ['Started by', <StartedBy key="by" run={run} />],
          ['Duration', <RunElapsed key="duration" run={run} orchestrator={run.pipeline.orchestrator.name} />],
          ['Queued', <Instant key="queued" at={run.queuedAt} />],
          ['Started', <Instant key="started" at={run.startedAt} />],
          ['Ended', <Instant key="ended" at={run.endedAt} />],
          ['Attempt', run.attempt],
          ['Reported state', run.nativeState],
          ['Run id', <code key="id">{run.externalId}</code>],
          [
            'Retry of',
            run.parent && (
              <Link key="parent" to="/runs/$runId" params={{ runId: run.parent.id }}>
                {run.parent.externalId}
              </Link>
            ),
          ],
          ['Seen by Podium', <Instant key="observed" at={run.observedAt} />],
        ]}
      />
      <StateHistory run={run} />
      {hasContent(run.parameters) && (
        <div className={styles.part}>
          <h3>Parameters</h3>
          <pre tabIndex={0} role="region" aria-label="Parameters">
            {JSON.stringify(run.parameters, null, 2)}
          </pre>
        </div>
      )}
    </Panel>
  )
}

/** The dependency that fired it, or else what its orchestrator says. */
function StartedBy({ run: { firing, trigger } }: { run: RunDetail }) {
  if (!firing) return triggerWords[trigger]
  const { name } = firing.dependency
  return (
    <span className={styles.by}>
      <Link to="/dependencies/$name" params={{ name }}>
        {name}
      </Link>{' '}
      for {firing.key}
    </span>
  )
}

/** Every state that Podium has seen the run in, the latest first. */
function StateHistory({ run }: { run: RunDetail }) {
  if (run.history.length === 0) return null
  return (
    <div className={styles.part}>
      <h3>State history</h3>
      <ol className={styles.history}>
        {run.history.toReversed().map(({ attempt, state, nativeState, observedAt }) => (
          <li key={`${attempt} ${observedAt} ${state}`}>
            <RunStateBadge state={state} nativeState={nativeState} />
            <Instant at={observedAt} show="absolute" />
            {attempt > 1 && <span className={styles.attempt}>attempt {attempt}</span>}
          </li>
        ))}
      </ol>
    </div>
  )
}

function hasContent(parameters: unknown): boolean {
  return parameters !== null && typeof parameters === 'object' && Object.keys(parameters).length > 0
}
