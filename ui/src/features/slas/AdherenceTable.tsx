import type { SlaGroupFragment } from '@/api/generated'
import { percent } from '@/words'
import styles from './AdherencePanel.module.css'
import { GroupName } from './GroupName'
import type { Grouping, SlaSearch } from './slaSearch'
import { budgetLeft } from './slaWords'

interface AdherenceTableProps {
  groups: SlaGroupFragment[]
  by: Grouping
  search: SlaSearch
}

export function AdherenceTable({ groups, ...rest }: AdherenceTableProps) {
  const { by } = rest
  return (
    <table className={styles.table} aria-label={`Adherence by ${by}`}>
      <thead>
        <tr>
          <th scope="col">{by === 'owner' ? 'Owner' : 'Orchestrator'}</th>
          <th scope="col" className={styles.wide}>
            SLAs
          </th>
          <th scope="col" className={styles.wide}>
            Met
          </th>
          <th scope="col">Missed</th>
          <th scope="col" className={styles.wide}>
            Error budget left
          </th>
          <th scope="col">Kept</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <AdherenceRow key={group.name ?? ''} group={group} {...rest} />
        ))}
      </tbody>
    </table>
  )
}

type AdherenceRowProps = Omit<AdherenceTableProps, 'groups'> & { group: SlaGroupFragment }

function AdherenceRow({ group, by, search }: AdherenceRowProps) {
  const { slas, met, missed, adherence, errorBudgetLeft } = group
  return (
    <tr>
      <th scope="row">
        <GroupName name={group.name} by={by} search={search} />
      </th>
      <td className={styles.wide}>{slas.toLocaleString('en')}</td>
      <td className={styles.wide}>{met.toLocaleString('en')}</td>
      <td>{missed.toLocaleString('en')}</td>
      <td className={styles.wide} data-short={(errorBudgetLeft ?? 0) < 0}>
        {budgetLeft(errorBudgetLeft)}
      </td>
      <td>
        <span className={styles.kept}>
          <svg className={styles.bar} width="100%" height="10" aria-hidden>
            <rect className={styles.missed} width={adherence === null ? 0 : '100%'} height="10" rx="5" />
            <rect className={styles.empty} width={adherence === null ? '100%' : 0} height="10" rx="5" />
            <rect className={styles.met} width={`${(adherence ?? 0) * 100}%`} height="10" rx="5" />
          </svg>
          <span className={styles.share}>{percent(adherence)}</span>
        </span>
      </td>
    </tr>
  )
}
