import type { RunState } from '@/api/generated'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import styles from './RunFilters.module.css'
import { isRunState, runStateOrder, runStates } from './runState'

interface StateFilterProps {
  label: string
  chosen: RunState[]
  onChange: (chosen: RunState[]) => void
}

/** Any number of states; none means all. */
export function StateFilter({ label, chosen, onChange }: StateFilterProps) {
  const choose = (keys: Set<string | number>): void =>
    onChange(runStateOrder.filter((state) => keys.has(state)))
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="multiple"
      selectedKeys={chosen}
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
