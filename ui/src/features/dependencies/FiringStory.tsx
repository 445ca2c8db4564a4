import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import timeline from '@/features/incidents/Timeline.module.css'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { ConditionList } from './ConditionList'
import { conditionTree } from './conditionTree'
import { type Dependency, type Firing, firingQuery } from './dependencyQueries'
import { firingStates } from './dependencyWords'
import styles from './FiringStory.module.css'

/** What a firing has waited for, and each of its steps with the reason, the latest first. */
export function FiringStory({ dependency, firing }: { dependency: Dependency; firing: Firing }) {
  const { data, error, refetch } = useQuery(firingQuery(firing.id))
  if (!data) {
    return (
      <div className={styles.story}>
        {error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={2} label="its history" />
        )}
      </div>
    )
  }
  return (
    <div className={styles.story}>
      <section aria-label={`What ${firing.key} waits for`}>
        <h3 className={styles.title}>Waits for</h3>
        <ConditionList tree={conditionTree(dependency)} keyedBy={dependency.keyedBy} held={data.satisfied} />
        {firing.state === 'WAITING' && firing.expiresAt !== null && (
          <p className={styles.note}>
            It expires <Instant at={firing.expiresAt} show="relative" />.
          </p>
        )}
        <p className={styles.note}>
          Its idempotency key: <code>{data.idempotencyKey}</code>
          {firing.attempts > 1 && `, sent ${firing.attempts} times`}
        </p>
      </section>
      <section aria-label={`What has happened to ${firing.key}`}>
        <h3 className={styles.title}>History</h3>
        <Steps steps={data.steps} />
      </section>
    </div>
  )
}

type Step = { at: string; state: Firing['state']; reason: string }

function Steps({ steps }: { steps: Step[] }) {
  return (
    <ol>
      {steps.toReversed().map(({ at, state, reason }, place) => {
        const { icon: Icon, tone, word } = firingStates[state]
        return (
          <li key={steps.length - place} className={timeline.step}>
            <span className={timeline.mark} data-tone={tone} aria-hidden>
              <Icon size={14} />
            </span>
            <div className={timeline.text}>
              <p>{reason}</p>
              <p className={timeline.when}>
                {word.toLowerCase()} · <Instant at={at} show="absolute" />
              </p>
            </div>
          </li>
        )
      })}
    </ol>
  )
}
