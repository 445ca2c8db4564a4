import type { SlaState } from '@/api/generated'
import { Badge } from '@/components/Badge'
import { useQuery } from '@tanstack/react-query'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import { percent } from '@/words'
import styles from './SlaNumbers.module.css'
import { dangerQuery } from './slaQueries'
import type { SlaSearch } from './slaSearch'
import { slaStateOrder, slaStates } from './slaStates'

interface SlaNumbersProps {
  search: SlaSearch
  onChange: (search: SlaSearch) => void
}

/** How many promises stand how now, each a filter of the list, and how many were kept. */
export function SlaNumbers({ search, onChange }: SlaNumbersProps) {
  const { data } = useQuery(dangerQuery)
  const summary = data?.slaSummary
  const counts: Partial<Record<SlaState, number>> = summary
    ? {
        MISSED: summary.missed,
        AT_RISK: summary.atRisk,
        ON_TRACK: summary.onTrack,
        MET: summary.met,
        PENDING: summary.pending,
      }
    : {}
  const choose = (keys: Set<string | number>): void => {
    const { state: _, ...rest } = search
    const chosen = slaStateOrder.filter((state) => keys.has(state))
    onChange({ ...rest, ...(chosen.length > 0 && { state: chosen }) })
  }
  return (
    <div className={styles.numbers}>
      <ToggleButtonGroup
        aria-label="State"
        selectionMode="multiple"
        selectedKeys={search.state ?? []}
        onSelectionChange={choose}
        className={styles.states ?? ''}
      >
        {slaStateOrder.map((state) => (
          <ToggleButton
            key={state}
            id={state}
            className={styles.number ?? ''}
            data-tone={slaStates[state].tone}
          >
            <span className={styles.count} data-none={counts[state] === 0}>
              {counts[state]?.toLocaleString('en') ?? '–'}
            </span>
            <Badge {...slaStates[state]} />
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <p className={styles.kept}>
        <span className={styles.count}>{summary ? percent(summary.adherence) : '–'}</span>
        <span className={styles.when}>kept, last 30 days</span>
      </p>
    </div>
  )
}
