import type { SlaAdherencesQuery } from '@/api/generated'
import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Segmented } from '@/components/Segmented'
import { Skeleton } from '@/components/Skeleton'
import runStyles from '@/features/runs/RunList.module.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import styles from './AdherencePanel.module.css'
import { saveCsv } from './csv'
import { adherenceQuery } from './slaQueries'
import { adherenceRows } from './slaRows'
import type { Days, Grouping, SlaSearch } from './slaSearch'
import { percent } from './slaWords'

type Group = SlaAdherencesQuery['slaAdherence'][number]

interface AdherencePanelProps {
  search: SlaSearch
  onChange: (search: SlaSearch) => void
}

const groupings: { value: Grouping; label: string; content: string }[] = [
  { value: 'owner', label: 'By owner', content: 'Owner' },
  { value: 'orchestrator', label: 'By orchestrator', content: 'Orchestrator' },
]
const windows = (['7', '30', '90'] as const).map((value: Days) => ({
  value,
  label: `Last ${value} days`,
  content: `${value} d`,
}))

/** How promises were kept, by who makes them or where. */
export function AdherencePanel({ search, onChange }: AdherencePanelProps) {
  const { by: _, days: __, ...rest } = search
  const by: Grouping = search.by ?? 'owner'
  const days: Days = search.days ?? '30'
  const { data, error, isPlaceholderData, refetch } = useQuery(adherenceQuery(by, days))
  const choose = (grouping: Grouping, window: Days): void =>
    onChange({
      ...rest,
      ...(grouping === 'orchestrator' && { by: grouping }),
      ...(window !== '30' && { days: window }),
    })
  return (
    <Panel
      title="Adherence"
      tools={
        <>
          <Segmented label="Group" value={by} onChange={(value) => choose(value, days)} options={groupings} />
          <Segmented label="Window" value={days} onChange={(value) => choose(by, value)} options={windows} />
          <Button
            look="quiet"
            isDisabled={!data}
            onPress={() => data && saveCsv(`adherence-by-${by}-${days}d.csv`, adherenceRows(by, days, data))}
          >
            <Download aria-hidden size={15} /> CSV
          </Button>
        </>
      }
    >
      {data ? (
        <div className={isPlaceholderData ? runStyles.outdated : undefined} aria-busy={isPlaceholderData}>
          <AdherenceTable groups={data} by={by} search={search} />
        </div>
      ) : (
        <div className={runStyles.padded}>
          {error ? (
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          ) : (
            <Skeleton lines={3} label="adherence" />
          )}
        </div>
      )}
    </Panel>
  )
}

interface AdherenceTableProps {
  groups: Group[]
  by: Grouping
  search: SlaSearch
}

function AdherenceTable({ groups, ...rest }: AdherenceTableProps) {
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

type AdherenceRowProps = Omit<AdherenceTableProps, 'groups'> & { group: Group }

function AdherenceRow({ group, by, search }: AdherenceRowProps) {
  const { name, slas, met, missed, adherence } = group
  return (
    <tr>
      <th scope="row">
        {name === null ? (
          <span className={styles.none}>{by === 'owner' ? 'Nobody' : 'None (datasets)'}</span>
        ) : (
          <Link to="/slas" search={{ ...search, [by]: name }} className={styles.name}>
            {name}
          </Link>
        )}
      </th>
      <td className={styles.wide}>{slas.toLocaleString('en')}</td>
      <td className={styles.wide}>{met.toLocaleString('en')}</td>
      <td>{missed.toLocaleString('en')}</td>
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
