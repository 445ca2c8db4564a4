import { ChevronRight } from 'lucide-react'
import styles from './PathOpener.module.css'

interface PathOpenerProps {
  /** Of the promise */
  name: string
  /** The id of what it opens */
  controls: string
  isOpen: boolean
  onChange: (isOpen: boolean) => void
}

/** Opens the whole critical path in its place. */
export function PathOpener({ name, controls, isOpen, onChange }: PathOpenerProps) {
  return (
    <button
      type="button"
      className={styles.opener}
      aria-label={`Critical path of ${name}`}
      aria-expanded={isOpen}
      aria-controls={isOpen ? controls : undefined}
      onClick={() => onChange(!isOpen)}
    >
      <ChevronRight aria-hidden size={14} className={styles.chevron} />
      Critical path
    </button>
  )
}
