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
  return (
    <Select
      aria-label={label}
      value={value ?? everything}
      onChange={(key) => onChange(key === everything || key === null ? null : String(key))}
      className={styles.picker ?? ''}
    >
      <Choices all={all} options={withUnknown(value === null ? [] : [value], options)} />
    </Select>
  )
}

interface ManyPickerProps {
  label: string
  /** The words for no choice */
  all: string
  chosen: string[]
  /** In the order of the options; none means all */
  onChange: (chosen: string[]) => void
  options: string[]
}

/** Any number of values of a list; it stays open, because who wants two wants them one after the other. */
export function ManyPicker({ label, all, chosen, onChange, options }: ManyPickerProps) {
  const known = withUnknown(chosen, options)
  const choose = (keys: readonly unknown[]): void => {
    const isAll = keys.includes(everything) && chosen.length > 0
    onChange(isAll ? [] : known.filter((option) => keys.includes(option)))
  }
  return (
    <Select
      aria-label={label}
      selectionMode="multiple"
      value={chosen.length > 0 ? chosen : [everything]}
      onChange={choose}
      className={styles.picker ?? ''}
    >
      <Choices all={all} options={known} words={manyWords(chosen, all)} />
    </Select>
  )
}

/** A value from a link may name what is not (or no longer) there; it stays visible, so it can be taken back. */
function withUnknown(chosen: string[], options: string[]): string[] {
  return [...chosen.filter((one) => !options.includes(one)), ...options]
}

function manyWords([first, ...others]: string[], all: string): string {
  if (first === undefined) return all
  return others.length > 0 ? `${first} +${others.length}` : first
}

interface ChoicesProps {
  all: string
  options: string[]
  /** What the button says, where that is not just the choice */
  words?: string
}

function Choices({ all, options, words }: ChoicesProps) {
  return (
    <>
      <Button className={styles.button ?? ''}>
        <SelectValue className={styles.value ?? ''}>
          {({ defaultChildren }) => words ?? defaultChildren}
        </SelectValue>
        <ChevronDown aria-hidden size={15} />
      </Button>
      <Popover className={styles.popover ?? ''}>
        <ListBox className={styles.list ?? ''}>
          {[everything, ...options].map((option) => (
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
    </>
  )
}
