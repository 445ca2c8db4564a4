import { Check, ChevronDown } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select, SelectValue } from 'react-aria-components/Select'
import styles from './Picker.module.css'

interface PickerProps {
  label: string
  /** The words for no choice */
  all: string
  value: string | null
  onChange: (value: string | null) => void
  options: string[]
}

const everything = ' '

/** One value of a list, or all of them. */
export function Picker({ label, all, value, onChange, options }: PickerProps) {
  // A value from a link may name what is not (or no longer) there; it stays visible, so it can be taken back.
  const known = value !== null && !options.includes(value) ? [value, ...options] : options
  return (
    <Select
      aria-label={label}
      value={value ?? everything}
      onChange={(key) => onChange(key === everything || key === null ? null : String(key))}
      className={styles.picker ?? ''}
    >
      <Button className={styles.button ?? ''}>
        <SelectValue className={styles.value ?? ''} />
        <ChevronDown aria-hidden size={15} />
      </Button>
      <Popover className={styles.popover ?? ''}>
        <ListBox className={styles.list ?? ''}>
          {[everything, ...known].map((option) => (
            <ListBoxItem
              key={option}
              id={option}
              textValue={option === everything ? all : option}
              className={styles.item ?? ''}
            >
              {({ isSelected }) => (
                <>
                  {option === everything ? all : option}
                  {isSelected && <Check aria-hidden size={15} />}
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  )
}
