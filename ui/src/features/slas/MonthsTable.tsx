import type { SlaGroupFragment, SlaMonthsQuery } from '@/api/generated'
import { percent } from '@/words'
import styles from './AdherencePanel.module.css'
import { GroupName } from './GroupName'
import type { Grouping, SlaSearch } from './slaSearch'
import { budgetLeft, monthWords } from './slaWords'

interface MonthsTableProps {
  months: SlaMonthsQuery['slaAdherenceByMonth']
  by: Grouping
  search: SlaSearch
}

/** What each group has kept in each month, and what was left of its error budget. */
export function MonthsTable({ months: oldestFirst, by, search }: MonthsTableProps) {
  // Where there is little room, the newest are in sight.
  const months = oldestFirst.toReversed()
  const groups = months[0]?.groups ?? []
  return (
    <div className={styles.scroll} role="region" aria-label="Months" tabIndex={0}>
      <table className={styles.months} aria-label={`Adherence by ${by} and month`}>
        <thead>
          <tr>
            <th scope="col">{by === 'owner' ? 'Owner' : 'Orchestrator'}</th>
            {months.map(({ month }) => (
              <th key={month} scope="col">
                {monthWords(month)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ name }, place) => (
            <tr key={name ?? ''}>
              <th scope="row">
                <GroupName name={name} by={by} search={search} />
              </th>
              {months.map(({ month, groups: ofMonth }) => (
                <Month key={month} group={ofMonth[place]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Month({ group }: { group: SlaGroupFragment | undefined }) {
  if (!group || group.adherence === null) return <td className={styles.none}>–</td>
  const { adherence, errorBudgetLeft, met, missed } = group
  return (
    <td title={`${met.toLocaleString('en')} met, ${missed.toLocaleString('en')} missed`}>
      <span className={styles.percent}>{percent(adherence)}</span>
      {errorBudgetLeft !== null && (
        <span className={styles.budget} data-short={errorBudgetLeft < 0}>
          {errorBudgetLeft < 0 ? 'error budget used up' : `${budgetLeft(errorBudgetLeft)} budget left`}
        </span>
      )}
    </td>
  )
}
