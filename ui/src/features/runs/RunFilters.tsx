import type { RunState } from '@/api/generated'
import { Button } from '@/components/Button'
import { Picker } from '@/components/Picker'
import { SearchBox } from '@/components/SearchBox'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import styles from './RunFilters.module.css'
import { isFiltered, type RunSearch } from './runFilter'
import { isRunState, runStateOrder, runStates } from './runState'

interface RunFiltersProps {
  search: RunSearch
  onChange: (search: RunSearch) => void
}

export function RunFilters({ search, onChange }: RunFiltersProps) {
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
  return (
    <div className={styles.filters} role="search" aria-label="Filter runs">
      <SearchBox label="Pipeline name" value={search.q ?? ''} onChange={setText} />
      <Picker
        label="Orchestrator"
        all="All orchestrators"
        value={search.orchestrator ?? null}
        onChange={setOrchestrator}
        options={orchestrators.map(({ name }) => name)}
      />
      <StateFilter search={search} onChange={onChange} />
      {isFiltered(search) && (
        <Button look="quiet" onPress={() => onChange({})}>
          Clear filters
        </Button>
      )}
    </div>
  )
}

function StateFilter({ search, onChange }: RunFiltersProps) {
  const choose = (keys: Set<string | number>): void => {
    const { state: _, ...rest } = search
    const chosen = runStateOrder.filter((state) => keys.has(state))
    onChange({ ...rest, ...(chosen.length > 0 && { state: chosen }) })
  }
  return (
    <ToggleButtonGroup
      aria-label="State"
      selectionMode="multiple"
      selectedKeys={search.state ?? []}
      onSelectionChange={(keys) => choose(new Set([...keys].filter((key) => isRunState(String(key)))))}
      className={styles.states ?? ''}
    >
      {runStateOrder.map((state) => (
        <StateToggle key={state} state={state} />
      ))}
    </ToggleButtonGroup>
  )
}

function StateToggle({ state }: { state: RunState }) {
  const { word, tone, icon: Icon } = runStates[state]
  return (
    <ToggleButton id={state} className={styles.state ?? ''} data-tone={tone}>
      <Icon aria-hidden size={14} strokeWidth={2.25} />
      {word}
    </ToggleButton>
  )
}
