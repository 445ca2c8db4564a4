import { Picker } from '@/components/Picker'
import { Segmented } from '@/components/Segmented'
import { MomentInput } from '@/time/MomentInput'
import { useQuery } from '@tanstack/react-query'
import { kpiNamesQuery } from './kpiQueries'
import { type KpiSearch, type Preset, usualPreset } from './kpiSearch'
import styles from './KpisPage.module.css'

interface KpiFiltersProps {
  search: KpiSearch
  onChange: (search: KpiSearch) => void
}

const options: { value: Preset | 'custom'; label: string; content: string }[] = [
  { value: 'today', label: 'Today', content: 'Today' },
  { value: '7', label: 'Last 7 days', content: '7 d' },
  { value: '30', label: 'Last 30 days', content: '30 d' },
  { value: '90', label: 'Last 90 days', content: '90 d' },
  { value: 'custom', label: 'From a day to a day', content: 'Custom' },
]
const week = 7 * 86_400_000

/** Of what time, and of whom. */
export function KpiFilters({ search, onChange }: KpiFiltersProps) {
  const { data } = useQuery(kpiNamesQuery)
  const { window: _, from: __, to: ___, ...rest } = search
  const choose = (value: Preset | 'custom'): void => {
    if (value === 'custom') onChange({ ...rest, from: new Date(startOf(Date.now() - week)).toISOString() })
    else onChange({ ...rest, ...(value !== '30' && { window: value }) })
  }
  const narrow = (name: 'orchestrator' | 'owner', value: string | null): void => {
    const { [name]: ____, ...others } = search
    onChange({ ...others, ...(value !== null && { [name]: value }) })
  }
  return (
    <div className={styles.filters}>
      <Segmented
        label="Window"
        value={search.from === undefined ? (search.window ?? usualPreset) : 'custom'}
        onChange={choose}
        options={options}
      />
      {search.from !== undefined && (
        <>
          <MomentInput
            label="From"
            value={search.from}
            onChange={(from) =>
              onChange({ ...rest, ...(from && { from, ...(search.to && { to: search.to }) }) })
            }
          />
          <MomentInput
            label="to"
            value={search.to}
            onChange={(to) =>
              onChange({ ...rest, ...(search.from && { from: search.from }), ...(to && { to }) })
            }
          />
        </>
      )}
      <Picker
        label="Orchestrator"
        all="All orchestrators"
        value={search.orchestrator ?? null}
        onChange={(value) => narrow('orchestrator', value)}
        options={data?.orchestrators ?? []}
      />
      <Picker
        label="Owner"
        all="All owners"
        value={search.owner ?? null}
        onChange={(value) => narrow('owner', value)}
        options={data?.owners ?? []}
      />
    </div>
  )
}

function startOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}
