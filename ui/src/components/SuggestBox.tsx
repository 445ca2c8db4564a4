import { X } from 'lucide-react'
import { useId, useState } from 'react'
import styles from './SuggestBox.module.css'

interface SuggestBoxProps {
  label: string
  value: string
  onChange: (value: string) => void
  /** What is known to be there; anything else may be typed too */
  suggestions: string[]
}

/** One exact value, typed or chosen; it is taken when one is chosen, by Enter, or when the field is left. */
export function SuggestBox(props: SuggestBoxProps) {
  // The value may change elsewhere, by the back button or a cleared filter; what was typed then counts no more.
  return <Field key={props.value} {...props} />
}

function Field({ label, value, onChange, suggestions }: SuggestBoxProps) {
  const [typed, setTyped] = useState(value)
  const id = useId()
  const take = (next: string): void => {
    if (next.trim() !== value) onChange(next.trim())
  }
  return (
    <div className={styles.field}>
      <input
        aria-label={label}
        placeholder={label}
        list={id}
        value={typed}
        className={styles.input}
        onChange={({ target }) => {
          setTyped(target.value)
          if (suggestions.includes(target.value)) take(target.value)
        }}
        onKeyDown={({ key }) => key === 'Enter' && take(typed)}
        onBlur={() => take(typed)}
      />
      <datalist id={id}>
        {suggestions.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {typed !== '' && (
        <button
          type="button"
          aria-label={`Any ${label.toLowerCase()}`}
          className={styles.clear}
          onClick={() => take('')}
        >
          <X aria-hidden size={14} />
        </button>
      )}
    </div>
  )
}
