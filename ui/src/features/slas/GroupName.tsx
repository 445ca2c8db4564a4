import { Link } from '@tanstack/react-router'
import styles from './AdherencePanel.module.css'
import type { Grouping, SlaSearch } from './slaSearch'

interface GroupNameProps {
  name: string | null
  by: Grouping
  search: SlaSearch
}

/** An owner or orchestrator, which leads to its promises. */
export function GroupName({ name, by, search }: GroupNameProps) {
  if (name === null)
    return <span className={styles.none}>{by === 'owner' ? 'Nobody' : 'None (datasets)'}</span>
  return (
    <Link to="/slas" search={{ ...search, [by]: name }} className={styles.name}>
      {name}
    </Link>
  )
}
