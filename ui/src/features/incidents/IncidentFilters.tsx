import type { IncidentState, Severity } from '@/api/generated'
import { Button } from '@/components/Button'
import { Picker } from '@/components/Picker'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import runStyles from '@/features/runs/RunFilters.module.css'
import { Views } from '@/features/views/Views'
import { useQuery } from '@tanstack/react-query'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import styles from './IncidentFilters.module.css'
import { type IncidentSearch, isFiltered } from './incidentSearch'
import { incidentStateOrder, incidentStates, type Look, severities, severityOrder } from './incidentWords'

interface IncidentFiltersProps {
  search: IncidentSearch
  onChange: (search: IncidentSearch) => void
}

export function IncidentFilters({ search, onChange }: IncidentFiltersProps) {
  const { data: orchestrators = [] } = useQuery(orchestratorsQuery)
  const { state, severity, orchestrator } = search
  const change = (next: {
    state?: IncidentState[] | undefined
    severity?: Severity[] | undefined
    orchestrator?: string | null | undefined
  }): void => {
    const merged = { state, severity, orchestrator, ...next }
    onChange({
      ...(merged.state?.length && { state: merged.state }),
      ...(merged.severity?.length && { severity: merged.severity }),
      ...(merged.orchestrator && { orchestrator: merged.orchestrator }),
    })
  }
  return (
    <div
      className={`${runStyles.filters ?? ''} ${styles.filters ?? ''}`}
      role="search"
      aria-label="Filter incidents"
    >
      <Picker
        label="Orchestrator"
        all="All orchestrators"
        value={orchestrator ?? null}
        onChange={(name) => change({ orchestrator: name })}
        options={orchestrators.map(({ name }) => name)}
      />
      <Toggles
        label="Severity"
        order={severityOrder}
        looks={severities}
        chosen={severity ?? []}
        onChange={(chosen) => change({ severity: chosen })}
      />
      <Toggles
        label="State"
        order={incidentStateOrder}
        looks={incidentStates}
        chosen={state ?? []}
        onChange={(chosen) => change({ state: chosen })}
      />
      {isFiltered(search) && (
        <Button look="quiet" onPress={() => onChange({})}>
          Clear filters
        </Button>
      )}
      <Views page="/incidents" />
    </div>
  )
}

interface TogglesProps<Value extends string> {
  label: string
  order: Value[]
  looks: Record<Value, Look>
  chosen: Value[]
  onChange: (chosen: Value[]) => void
}

function Toggles<Value extends string>({ label, order, looks, chosen, onChange }: TogglesProps<Value>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="multiple"
      selectedKeys={chosen}
      onSelectionChange={(keys) => onChange(order.filter((one) => keys.has(one)))}
      className={runStyles.states ?? ''}
    >
      {order.map((one) => {
        const { word, tone, icon: Icon } = looks[one]
        return (
          <ToggleButton key={one} id={one} className={runStyles.state ?? ''} data-tone={tone}>
            <Icon aria-hidden size={14} strokeWidth={2.25} />
            {word}
          </ToggleButton>
        )
      })}
    </ToggleButtonGroup>
  )
}
