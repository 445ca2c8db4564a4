import { Button } from '@/components/Button'
import { FilterBar } from '@/components/FilterBar'
import { Picker } from '@/components/Picker'
import { SearchBox } from '@/components/SearchBox'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { MomentInput } from '@/time/MomentInput'
import { isFiltered, type RunSearch, withoutFilters } from './runFilter'
import { triggerWords } from './runWords'
import { StateFilter } from './StateFilter'

interface RunFiltersProps {
  search: RunSearch
  onChange: (search: RunSearch) => void
  /** Also by what started them and when, on the page of all runs */
  isFull?: boolean
}

export function RunFilters({ search, onChange, isFull = false }: RunFiltersProps) {
  const { data: orchestrators = [] } = useQuery(orchestratorsQuery)
  const { q: _, ...withoutText } = search
  const key = JSON.stringify(withoutText)
  const setText = useCallback(
    (q: string) => onChange({ ...(JSON.parse(key) as RunSearch), ...(q && { q }) }),
    [key, onChange],
  )
  const setOrchestrator = (name: string | null): void => {
    const { orchestrator: __, ...rest } = search
    onChange({ ...rest, ...(name && { orchestrator: name }) })
  }
  const { state: ___, ...withoutState } = search
  const { q: ____, sort: _____, ...others } = search
  return (
    <FilterBar
      label="Filter runs"
      count={Object.keys(others).length}
      search={
        <SearchBox
          label={isFull ? 'Pipeline or run id' : 'Pipeline name'}
          value={search.q ?? ''}
          onChange={setText}
        />
      }
    >
      <Picker
        label="Orchestrator"
        all="All orchestrators"
        value={search.orchestrator ?? null}
        onChange={setOrchestrator}
        options={orchestrators.map(({ name }) => name)}
      />
      {isFull && <MoreFilters search={search} onChange={onChange} />}
      <StateFilter
        label="State"
        chosen={search.state ?? []}
        onChange={(state) => onChange({ ...withoutState, ...(state.length > 0 && { state }) })}
      />
      {isFiltered(search) && (
        <Button look="quiet" onPress={() => onChange(withoutFilters(search))}>
          Clear filters
        </Button>
      )}
    </FilterBar>
  )
}

const triggers = Object.keys(triggerWords) as (keyof typeof triggerWords)[]

function MoreFilters({ search, onChange }: RunFiltersProps) {
  const { trigger, after, before, ...rest } = search
  const times = { ...(after && { after }), ...(before && { before }) }
  const setTrigger = (words: string | null): void => {
    const chosen = triggers.filter((one) => triggerWords[one] === words)
    onChange({ ...rest, ...times, ...(chosen.length > 0 && { trigger: chosen }) })
  }
  const setTimes = (next: { after?: string | undefined; before?: string | undefined }): void =>
    onChange({
      ...rest,
      ...(trigger && { trigger }),
      ...(next.after && { after: next.after }),
      ...(next.before && { before: next.before }),
    })
  return (
    <>
      <Picker
        label="Trigger"
        all="All triggers"
        value={trigger?.map((one) => triggerWords[one]).join(', ') ?? null}
        onChange={setTrigger}
        options={triggers.map((one) => triggerWords[one])}
      />
      <MomentInput label="Started after" value={after} onChange={(at) => setTimes({ before, after: at })} />
      <MomentInput label="Started before" value={before} onChange={(at) => setTimes({ after, before: at })} />
    </>
  )
}
