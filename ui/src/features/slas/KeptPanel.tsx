import { Panel } from '@/components/Panel'
import { percent } from '@/words'
import styles from './KeptPanel.module.css'
import type { SlaDetail } from './slaQueries'

/** The share of promises kept against what is to be kept, over three windows. */
export function KeptPanel({ sla }: { sla: SlaDetail }) {
  const { objective } = sla
  const windows: [string, number | null, number | null][] = [
    ['7 days', sla.week, sla.weekBudget],
    ['30 days', sla.adherence, sla.errorBudgetLeft],
    ['90 days', sla.quarter, sla.quarterBudget],
  ]
  return (
    <Panel title="Kept" aside={objective === null ? undefined : `objective ${percent(objective)}`}>
      <dl className={styles.windows}>
        {windows.map(([name, kept, budget]) => (
          <div key={name} className={styles.window}>
            <dt>{name}</dt>
            <dd>
              <span
                className={styles.share}
                data-short={objective !== null && kept !== null && kept < objective}
              >
                {percent(kept)}
              </span>
              {kept !== null && <KeptBar kept={kept} objective={objective} />}
              <span className={styles.budget}>{budgetWords(kept, budget)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

/** What was kept, with a mark where the objective lies; the numbers stand beside it. */
function KeptBar({ kept, objective }: { kept: number; objective: number | null }) {
  return (
    <svg className={styles.bar} width="100%" height="14" aria-hidden>
      <rect className={styles.missed} width="100%" y="3" height="8" rx="4" />
      <rect className={styles.met} width={`${kept * 100}%`} y="3" height="8" rx="4" />
      {objective !== null && (
        <line
          className={styles.objective}
          x1={`${objective * 100}%`}
          x2={`${objective * 100}%`}
          y1="0"
          y2="14"
        />
      )}
    </svg>
  )
}

function budgetWords(kept: number | null, budget: number | null): string {
  if (kept === null) return 'nothing came due'
  if (budget === null) return ''
  return budget < 0 ? 'error budget used up' : `${percent(budget)} of the error budget left`
}
