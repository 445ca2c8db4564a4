import { Badge } from '@/components/Badge'
import { Panel } from '@/components/Panel'
import type { SlaActionState, SlaDoneFragment } from '@/api/generated'
import { severities } from '@/features/incidents/incidentWords'
import { Instant } from '@/time/Instant'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, CircleX, Send } from 'lucide-react'
import styles from './SlaActions.module.css'
import { evaluationsQuery, type SlaDetail } from './slaQueries'
import { slaStates } from './slaStates'

type Action = SlaDoneFragment['action']

const doneStates: Record<SlaActionState, Parameters<typeof Badge>[0]> = {
  PENDING: { word: 'On its way', tone: 'active', icon: Send },
  DONE: { word: 'Done', tone: 'good', icon: CircleCheck },
  FAILED: { word: 'Failed', tone: 'bad', icon: CircleX },
}

/** What is done when it comes to be at risk or missed, and what came of it of late; nothing where that is nothing. */
export function SlaActions({ sla }: { sla: SlaDetail }) {
  const { data } = useInfiniteQuery(evaluationsQuery(sla.name))
  const done = (data?.pages ?? []).flatMap(({ edges }) =>
    edges.flatMap(({ node }) => node.actions.map((action) => ({ ...action, key: node.key }))),
  )
  if (sla.actions.length === 0 && done.length === 0) return null
  return (
    <Panel title="What is done about it">
      <ul className={styles.actions}>
        {sla.actions.map((action, place) => (
          <li key={place}>
            {slaStates[action.on].word}: {actionWords(action)}
          </li>
        ))}
      </ul>
      {done.length > 0 && (
        <ol className={styles.done} aria-label="Done of late">
          {done.slice(0, 10).map((one, place) => (
            <li key={place} className={styles.one}>
              <span className={styles.line}>
                <Badge {...doneStates[one.state]} />
                <span>{one.key}</span>
                <Instant at={one.orderedAt} show="relative" />
              </span>
              <span>
                {actionWords(one.action)}
                {one.run && (
                  <>
                    {' '}
                    (
                    <Link
                      to="/runs/$runId"
                      params={{ runId: one.run.id }}
                    >{`run ${one.run.externalId}`}</Link>
                    )
                  </>
                )}
              </span>
              {one.outcome !== null && <span className={styles.outcome}>{one.outcome}</span>}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

export function actionWords({ trigger, retry, notify, severity }: Action): string {
  if (trigger !== null) return `trigger ${trigger}`
  if (retry) return 'retry the last run'
  if (notify !== null) return `tell ${notify}`
  return severity === null ? 'nothing' : `as bad as ${severities[severity].word.toLowerCase()}`
}
