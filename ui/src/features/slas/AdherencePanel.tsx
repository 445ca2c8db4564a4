import { useStore } from '@/api/store'
import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Segmented } from '@/components/Segmented'
import { Skeleton } from '@/components/Skeleton'
import { zone } from '@/features/preferences/preferences'
import runStyles from '@/features/runs/RunList.module.css'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { ReactNode } from 'react'

import { AdherenceTable } from './AdherenceTable'
import { type Cell, saveCsv } from './csv'
import { MonthsTable } from './MonthsTable'
import { adherenceQuery, monthsQuery } from './slaQueries'
import { adherenceRows, monthRows } from './slaRows'
import type { Grouping, SlaSearch, Span } from './slaSearch'

interface AdherencePanelProps {
  search: SlaSearch
  onChange: (search: SlaSearch) => void
}

const groupings: { value: Grouping; label: string; content: string }[] = [
  { value: 'owner', label: 'By owner', content: 'Owner' },
  { value: 'orchestrator', label: 'By orchestrator', content: 'Orchestrator' },
]
const spans: { value: Span; label: string; content: string }[] = [
  ...(['7', '30', '90'] as const).map((value) => ({
    value,
    label: `Last ${value} days`,
    content: `${value} d`,
  })),
  { value: 'months', label: 'Month by month', content: 'Months' },
]

/** How promises were kept, by who makes them or where. */
export function AdherencePanel(props: AdherencePanelProps) {
  return props.search.days === 'months' ? <Monthly {...props} /> : <OverDays {...props} />
}

function OverDays({ search, onChange }: AdherencePanelProps) {
  const by = search.by ?? 'owner'
  const days = search.days === 'months' ? '30' : (search.days ?? '30')
  return (
    <Frame
      {...{ search, onChange }}
      query={useQuery(adherenceQuery(by, days))}
      file={`adherence-by-${by}-${days}d.csv`}
      rows={(groups) => adherenceRows(by, days, groups)}
    >
      {(groups) => <AdherenceTable {...{ groups, by, search }} />}
    </Frame>
  )
}

function Monthly({ search, onChange }: AdherencePanelProps) {
  const by = search.by ?? 'owner'
  const timezone = useStore(zone) === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Frame
      {...{ search, onChange }}
      query={useQuery(monthsQuery(by, timezone))}
      file={`adherence-by-${by}-and-month.csv`}
      rows={(months) => monthRows(by, months)}
    >
      {(months) => <MonthsTable {...{ months, by, search }} />}
    </Frame>
  )
}

interface FrameProps<Data> extends AdherencePanelProps {
  query: UseQueryResult<Data>
  file: string
  rows: (data: Data) => Cell[][]
  children: (data: Data) => ReactNode
}

function Frame<Data>({ search, onChange, query, file, rows, children }: FrameProps<Data>) {
  const { by: _, days: __, ...rest } = search
  const { data, error, isPlaceholderData, refetch } = query
  const choose = (grouping: Grouping, span: Span): void =>
    onChange({
      ...rest,
      ...(grouping === 'orchestrator' && { by: grouping }),
      ...(span !== '30' && { days: span }),
    })
  const [by, span] = [search.by ?? 'owner', search.days ?? '30'] as const
  return (
    <Panel
      title="Adherence"
      tools={
        <>
          <Segmented label="Group" value={by} onChange={(value) => choose(value, span)} options={groupings} />
          <Segmented label="Window" value={span} onChange={(value) => choose(by, value)} options={spans} />
          <Button look="quiet" isDisabled={!data} onPress={() => data && saveCsv(file, rows(data))}>
            <Download aria-hidden size={15} /> CSV
          </Button>
        </>
      }
    >
      {data ? (
        <div className={isPlaceholderData ? runStyles.outdated : undefined} aria-busy={isPlaceholderData}>
          {children(data)}
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
