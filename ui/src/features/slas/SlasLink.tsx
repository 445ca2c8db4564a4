import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import linkStyles from '@/features/incidents/IncidentsLink.module.css'
import { dangerQuery } from './slaQueries'

/** In the header: the way to the promises, with how many are missed or at risk. */
export function SlasLink() {
  const { data } = useQuery(dangerQuery)
  const { missed = 0, atRisk = 0 } = data?.slaSummary ?? {}
  const count = missed + atRisk
  return (
    <Link to="/slas" className={linkStyles.link}>
      SLAs
      {count > 0 && (
        <span className={linkStyles.count} data-severity={missed > 0 ? 'CRITICAL' : 'WARNING'}>
          {count > 99 ? '99+' : count}
          <span className="visually-hidden"> missed or at risk</span>
        </span>
      )}
    </Link>
  )
}
