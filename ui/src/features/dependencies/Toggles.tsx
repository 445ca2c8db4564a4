import runStyles from '@/features/runs/RunFilters.module.css'
import type { LucideIcon } from 'lucide-react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'

interface TogglesProps<Value extends string> {
  label: string
  order: Value[]
  looks: Record<Value, { word: string; icon?: LucideIcon }>
  chosen: Value[]
  onChange: (chosen: Value[]) => void
}

/** Any of a few words; none chosen means all. */
export function Toggles<Value extends string>({
  label,
  order,
  looks,
  chosen,
  onChange,
}: TogglesProps<Value>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="multiple"
      selectedKeys={chosen}
      onSelectionChange={(keys) => onChange(order.filter((one) => keys.has(one)))}
      className={runStyles.states ?? ''}
    >
      {order.map((one) => {
        const { word, icon: Icon } = looks[one]
        return (
          <ToggleButton key={one} id={one} className={runStyles.state ?? ''}>
            {Icon && <Icon aria-hidden size={14} strokeWidth={2.25} />}
            {word}
          </ToggleButton>
        )
      })}
    </ToggleButtonGroup>
  )
}
