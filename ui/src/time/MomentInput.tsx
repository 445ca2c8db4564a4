import { useStore } from '@/api/store'
import { zone } from '@/features/preferences/preferences'
import { useId } from 'react'
import { fromInput, toInput } from './moment'
import styles from './time.module.css'

interface MomentInputProps {
  label: string
  /** ISO 8601 */
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** A day and time, in the zone that the person chose. */
export function MomentInput({ label, value, onChange }: MomentInputProps) {
  const chosen = useStore(zone)
  const id = useId()
  return (
    <div className={styles.moment}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        // The browser keeps what is half typed, as long as it is not told otherwise.
        key={`${chosen} ${value ?? ''}`}
        defaultValue={toInput(value, chosen)}
        onBlur={({ target }) => {
          if (target.value !== toInput(value, chosen)) onChange(fromInput(target.value, chosen))
        }}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
      />
    </div>
  )
}
