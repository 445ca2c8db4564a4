import buttonStyles from '@/components/Button.module.css'
import { EmptyState } from '@/components/Notice'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plug, Workflow } from 'lucide-react'
import styles from './PipelinesTable.module.css'

interface NoPipelinesProps {
  /** Nothing else on the page leads to the next step */
  isWholePage?: boolean
}

/** Why no pipeline is known, and what to do about it. */
export function NoPipelines({ isWholePage = false }: NoPipelinesProps) {
  const { data: orchestrators } = useQuery(orchestratorsQuery)
  if (orchestrators?.length === 0) {
    return (
      <EmptyState icon={Plug} title="No pipelines yet">
        <p>Say where your Airflow, Prefect or Dagster is. Its pipelines appear here within seconds.</p>
        {isWholePage && (
          <p className={styles.step}>
            <Link to="/connect" className={buttonStyles.button}>
              <Plug aria-hidden size={15} /> Connect an orchestrator
            </Link>
          </p>
        )}
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={Workflow} title="No pipelines yet">
      <p>
        They appear once an orchestrator has been read for the first time.{' '}
        <Link to="/orchestrators">See how each is doing</Link>.
      </p>
    </EmptyState>
  )
}
