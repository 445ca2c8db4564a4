import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { openIncidentsQuery } from './incidentQueries'
import styles from './IncidentsLink.module.css'
import { worstOf } from './urgency'

/** In the header: the way to the incidents, with how many are open. */
export function IncidentsLink() {
  const { data } = useQuery(openIncidentsQuery)
  const count = data?.incidents.totalCount ?? 0
  return (
    <Link to="/incidents" className={styles.link}>
      Incidents
      {data && count > 0 && (
        <span className={styles.count} data-severity={worstOf(data)}>
          {count > 99 ? '99+' : count}
          <span className="visually-hidden"> open</span>
        </span>
      )}
    </Link>
  )
}
