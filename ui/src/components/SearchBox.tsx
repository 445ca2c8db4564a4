import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'
import styles from './SearchBox.module.css'

/** So many milliseconds after the last key the question is asked. */
const settleAfter = 50

interface SearchBoxProps {
  label: string
  value: string
  onChange: (value: string) => void
}

/** A text filter that asks once typing pauses. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  const [typed, setTyped] = useState(value)
  const asked = useRef(value)
  useEffect(() => {
    if (value === asked.current) return
    // The filter changed elsewhere: the back button, a cleared filter.
    asked.current = value
    setTyped(value)
  }, [value])
  useEffect(() => {
    if (typed.trim() === asked.current) return
    const timer = window.setTimeout(() => {
      asked.current = typed.trim()
      onChange(typed.trim())
    }, settleAfter)
    return () => window.clearTimeout(timer)
  }, [typed, onChange])
  return (
    <SearchField aria-label={label} value={typed} onChange={setTyped} className={styles.field ?? ''}>
      <Search aria-hidden size={15} className={styles.icon} />
      <Input placeholder={label} className={styles.input ?? ''} />
      {typed !== '' && (
        <Button className={styles.clear ?? ''}>
          <X aria-hidden size={14} />
        </Button>
      )}
    </SearchField>
  )
}
