import { type Change, changed } from '@/api/search'
import { Button } from '@/components/Button'
import { FilterBar } from '@/components/FilterBar'
import { ManyPicker } from '@/components/Picker'
import { SearchBox } from '@/components/SearchBox'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { zone } from '@/features/preferences/preferences'
import { Views } from '@/features/views/Views'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { isFiltered, isTimed, type RunSearch, withoutFilters } from './runFilter'
import { runKeys } from './runQueries'
import { triggerWords } from './runWords'
import { StateFilter } from './StateFilter'
import { WhenPicker } from './WhenPicker'

interface RunFiltersProps {
  search: RunSearch
  onChange: (search: RunSearch) => void
  /** Also by what started them and when, on the page of all runs */
  isFull?: boolean
}

export function RunFilters({ search, onChange, isFull = false }: RunFiltersProps) {
  useDaysOfZone(search)
  const [cleared, setCleared] = useState(0)
  const key = JSON.stringify(search)
  const set = useCallback(
    (change: Change<RunSearch>) => onChange(changed(JSON.parse(key) as RunSearch, change)),
    [key, onChange],
  )
  const setText = useCallback((q: string) => set({ q }), [set])
  const { q: _, sort: __, ...others } = search
  const clear = (): void => {
    setCleared(cleared + 1)
    onChange(withoutFilters(search))
  }
  return (
    <FilterBar
      label="Filter runs"
      count={Object.keys(others).length}
      views={isFull && <Views page="/runs" />}
      search={
        <SearchBox
          label={isFull ? 'Pipeline or run id' : 'Pipeline name'}
          value={search.q ?? ''}
          onChange={setText}
        />
      }
    >
      <OrchestratorFilter search={search} set={set} />
      {isFull && <TriggerFilter search={search} set={set} />}
      {(isFull || isTimed(search)) && <WhenPicker key={cleared} times={search} onChange={set} />}
      <StateFilter label="State" chosen={search.state ?? []} onChange={(state) => set({ state })} />
      {isFiltered(search) && (
        <Button look="quiet" onPress={clear}>
          Clear filters
        </Button>
      )}
    </FilterBar>
  )
}

interface FilterProps {
  search: RunSearch
  set: (change: Change<RunSearch>) => void
}

function OrchestratorFilter({ search: { orchestrator = [] }, set }: FilterProps) {
  const { data: orchestrators = [] } = useQuery(orchestratorsQuery)
  return (
    <ManyPicker
      label="Orchestrator"
      all="All orchestrators"
      chosen={orchestrator}
      onChange={(names) => set({ orchestrator: names })}
      options={orchestrators.map(({ name }) => name)}
    />
  )
}

const triggers = Object.keys(triggerWords) as (keyof typeof triggerWords)[]

function TriggerFilter({ search: { trigger = [] }, set }: FilterProps) {
  return (
    <ManyPicker
      label="Trigger"
      all="All triggers"
      chosen={trigger.map((one) => triggerWords[one])}
      onChange={(words) => set({ trigger: triggers.filter((one) => words.includes(triggerWords[one])) })}
      options={triggers.map((one) => triggerWords[one])}
    />
  )
}

/** A day begins by the clock that was chosen: where another one is, other runs are of today. */
function useDaysOfZone({ when }: RunSearch): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (when !== 'today') return
    return zone.subscribe(() => void queries.invalidateQueries({ queryKey: runKeys.all }))
  }, [when, queries])
}
