import { Button } from '@/components/Button'
import { Picker } from '@/components/Picker'
import { SearchBox } from '@/components/SearchBox'
import runStyles from '@/features/runs/RunFilters.module.css'
import { Views } from '@/features/views/Views'
import { useCallback } from 'react'
import type { SlaLine } from './slaQueries'
import { choices, isFiltered, orchestratorOf, type SlaSearch, withoutFilters } from './slaSearch'

interface SlaFiltersProps {
  slas: SlaLine[]
  search: SlaSearch
  onChange: (search: SlaSearch) => void
}

export function SlaFilters({ slas, search, onChange }: SlaFiltersProps) {
  const { q: _, ...withoutText } = search
  const key = JSON.stringify(withoutText)
  const setText = useCallback(
    (q: string) => onChange({ ...(JSON.parse(key) as SlaSearch), ...(q && { q }) }),
    [key, onChange],
  )
  const setOwner = (value: string | null): void => {
    const { owner: __, ...rest } = search
    onChange({ ...rest, ...(value && { owner: value }) })
  }
  const setOrchestrator = (value: string | null): void => {
    const { orchestrator: __, ...rest } = search
    onChange({ ...rest, ...(value && { orchestrator: value }) })
  }
  return (
    <div className={runStyles.filters} role="search" aria-label="Filter SLAs">
      <SearchBox label="Name, target or owner" value={search.q ?? ''} onChange={setText} />
      <Picker
        label="Owner"
        all="All owners"
        value={search.owner ?? null}
        onChange={setOwner}
        options={choices(slas.map(({ owner }) => owner))}
      />
      <Picker
        label="Orchestrator"
        all="All orchestrators"
        value={search.orchestrator ?? null}
        onChange={setOrchestrator}
        options={choices(slas.map(orchestratorOf))}
      />
      {isFiltered(search) && (
        <Button look="quiet" onPress={() => onChange(withoutFilters(search))}>
          Clear filters
        </Button>
      )}
      <Views page="/slas" />
    </div>
  )
}
