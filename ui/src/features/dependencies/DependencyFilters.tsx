import { Button } from '@/components/Button'
import { Picker } from '@/components/Picker'
import { SearchBox } from '@/components/SearchBox'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import runStyles from '@/features/runs/RunFilters.module.css'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { type DependencySearch, isFiltered, type Standing, standings } from './dependencySearch'
import styles from './DependencyFilters.module.css'
import { Toggles } from './Toggles'

interface DependencyFiltersProps {
  search: DependencySearch
  onChange: (search: DependencySearch) => void
}

const standingLooks: Record<Standing, { word: string }> = {
  waiting: { word: 'Waiting' },
  firing: { word: 'Under way' },
  well: { word: 'Succeeded' },
  failed: { word: 'Failed' },
  cancelled: { word: 'Cancelled' },
  stopped: { word: 'Off or paused' },
  never: { word: 'Never fired' },
}
const fromFile = 'From podium.yaml'
const madeHere = 'Created in Podium'

export function DependencyFilters({ search, onChange }: DependencyFiltersProps) {
  const { data: orchestrators = [] } = useQuery(orchestratorsQuery)
  const { q: _, ...withoutText } = search
  const key = JSON.stringify(withoutText)
  const setText = useCallback(
    (q: string) => onChange({ ...(JSON.parse(key) as DependencySearch), ...(q && { q }) }),
    [key, onChange],
  )
  const change = <Name extends keyof DependencySearch>(
    name: Name,
    value: DependencySearch[Name] | null,
  ): void => {
    const { [name]: __, ...rest } = search
    onChange(value === null || value === undefined ? rest : { ...rest, [name]: value })
  }
  return (
    <div
      className={`${runStyles.filters ?? ''} ${styles.filters ?? ''}`}
      role="search"
      aria-label="Filter dependencies"
    >
      <SearchBox label="Find a dependency" value={search.q ?? ''} onChange={setText} />
      <Picker
        label="Orchestrator"
        all="All orchestrators"
        value={search.orchestrator ?? null}
        onChange={(name) => change('orchestrator', name)}
        options={orchestrators.map(({ name }) => name)}
      />
      <Picker
        label="Origin"
        all="All origins"
        value={search.origin ? (search.origin === 'CONFIG' ? fromFile : madeHere) : null}
        onChange={(said) => change('origin', said === null ? null : said === fromFile ? 'CONFIG' : 'API')}
        options={[fromFile, madeHere]}
      />
      <Toggles
        label="Newest firing"
        order={standings}
        looks={standingLooks}
        chosen={search.standing ?? []}
        onChange={(chosen) => change('standing', chosen.length > 0 ? chosen : null)}
      />
      {isFiltered(search) && (
        <Button look="quiet" onPress={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </div>
  )
}
