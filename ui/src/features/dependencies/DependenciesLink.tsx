import styles from '@/features/incidents/IncidentsLink.module.css'
import { Link } from '@tanstack/react-router'

/** In the header: the way to the dependencies. */
export function DependenciesLink() {
  return (
    <Link to="/dependencies" className={styles.link}>
      Dependencies
    </Link>
  )
}
