import { SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from './Button'
import styles from './FilterBar.module.css'
import { useMedia } from './useMedia'

interface FilterBarProps {
  label: string
  /** What stays in sight where there is little room */
  search: ReactNode
  /** How many of the others narrow the list now */
  count: number
  children: ReactNode
  /** What gives the filters a name; it stays in sight, too */
  views?: ReactNode
}

/** What narrows a list. Where there is little room all but the search stands behind a button. */
export function FilterBar({ label, search, count, children, views }: FilterBarProps) {
  const isNarrow = useMedia('(max-width: 44rem)')
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <div className={styles.bar} role="search" aria-label={label}>
      {search}
      {isNarrow && (
        <Button aria-expanded={isOpen} aria-controls={id} onPress={() => setOpen(!isOpen)}>
          <SlidersHorizontal aria-hidden size={15} /> {count > 0 ? `Filters (${count})` : 'Filters'}
        </Button>
      )}
      {isNarrow && views}
      <div id={id} className={styles.rest} hidden={isNarrow && !isOpen}>
        {children}
      </div>
      {!isNarrow && views}
    </div>
  )
}
