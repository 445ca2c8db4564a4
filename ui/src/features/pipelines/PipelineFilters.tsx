import { type Change, changed } from '@/api/search'
import { Button } from '@/components/Button'
import { FilterBar } from '@/components/FilterBar'
import { ManyPicker, Picker } from '@/components/Picker'
import { SearchBox } from '@/components/SearchBox'
import { SuggestBox } from '@/components/SuggestBox'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { StateFilter } from '@/features/runs/StateFilter'
import { Views } from '@/features/views/Views'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { isFiltered, type PipelineSearch } from './pipelineSearch'

interface PipelineFiltersProps {
  search: PipelineSearch
  onChange: (search: PipelineSearch) => void
  /** Those of the pipelines that are shown */
  owners: string[]
  tags: string[]
}

const pausedWords = { yes: 'Paused', no: 'Active' } as const

export function PipelineFilters({ search, onChange, owners, tags }: PipelineFiltersProps) {
  const { data: orchestrators = [] } = useQuery(orchestratorsQuery)
  const key = JSON.stringify(search)
  const set = useCallback(
    (change: Change<PipelineSearch>) => onChange(changed(JSON.parse(key) as PipelineSearch, change)),
    [key, onChange],
  )
  const { q: _, sort: __, ...others } = search
  const setText = useCallback((q: string) => set({ q }), [set])
  const setPaused = (words: string | null): void =>
    set({ paused: words === null ? undefined : words === pausedWords.yes ? 'yes' : 'no' })
  return (
    <FilterBar
      label="Filter pipelines"
      count={Object.keys(others).length}
      views={<Views page="/pipelines" />}
      search={<SearchBox label="Name or key" value={search.q ?? ''} onChange={setText} />}
    >
      <ManyPicker
        label="Orchestrator"
        all="All orchestrators"
        chosen={search.orchestrator ?? []}
        onChange={(names) => set({ orchestrator: names })}
        options={orchestrators.map(({ name }) => name)}
      />
      <SuggestBox
        label="Owner"
        value={search.owner ?? ''}
        onChange={(owner) => set({ owner })}
        suggestions={owners}
      />
      <SuggestBox label="Tag" value={search.tag ?? ''} onChange={(tag) => set({ tag })} suggestions={tags} />
      <Picker
        label="Schedule"
        all="Active and paused"
        value={search.paused ? pausedWords[search.paused] : null}
        onChange={setPaused}
        options={Object.values(pausedWords)}
      />
      <StateFilter
        label="State of the latest run"
        chosen={search.state ?? []}
        onChange={(state) => set({ state })}
      />
      {isFiltered(search) && (
        <Button look="quiet" onPress={() => onChange(search.sort ? { sort: search.sort } : {})}>
          Clear filters
        </Button>
      )}
    </FilterBar>
  )
}
