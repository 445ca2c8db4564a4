import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { countWords } from '@/features/incidents/incidentWords'
import { spreadQuery } from './lineageQueries'
import styles from './NodePanel.module.css'

interface NodeSpreadProps {
  id: string
  asOf: string | undefined
  /** Whether something is in the picture */
  isShown: (id: string) => boolean
  /** Shows all that comes after it */
  onAll: () => void
}

/** Whom it would hurt, and who is to blame where it is hurt itself. */
export function NodeSpread({ id, asOf, isShown, onAll }: NodeSpreadProps) {
  const { data, error, refetch } = useQuery(spreadQuery(id, asOf))
  if (!data) return error && <ErrorNotice error={error} onRetry={() => void refetch()} />
  const { impact, rootCauses = [] } = data
  const counts = [
    countWords(impact.datasets.length, 'dataset'),
    countWords(impact.pipelines.length, 'pipeline'),
    countWords(impact.slas.length, 'SLA'),
  ].filter(Boolean)
  return (
    <section className={styles.part}>
      <h3>What comes after it</h3>
      <p className={counts.length > 0 ? undefined : styles.quiet}>
        {counts.join(', ') || 'Nothing that Podium knows.'}
      </p>
      {impact.pipelines.length > 0 && (
        <div className={styles.links}>
          {impact.pipelines.slice(0, 8).map(({ id: pipelineId, name }) => (
            <Link key={pipelineId} to="/pipelines/$pipelineId" params={{ pipelineId }}>
              {name}
            </Link>
          ))}
          {impact.pipelines.length > 8 && <span>and {impact.pipelines.length - 8} more</span>}
        </div>
      )}
      <Beyond
        count={[...impact.datasets, ...impact.pipelines].filter((one) => !isShown(one.id)).length}
        onAll={onAll}
      />
      {impact.owners.length > 0 && <p className={styles.quiet}>Owned by {impact.owners.join(', ')}</p>}
      {rootCauses.length > 0 && (
        <div className={styles.causes}>
          <h3>What is wrong before it</h3>
          <ul>
            {rootCauses.map(({ node, reason, run }) => (
              <li key={node.id}>
                {run ? (
                  <Link to="/runs/$runId" params={{ runId: run.id }}>
                    {reason}
                  </Link>
                ) : (
                  reason
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

/** What it hurts farther away than is shown. */
function Beyond({ count, onAll }: { count: number } & Pick<NodeSpreadProps, 'onAll'>) {
  if (count === 0) return null
  return (
    <p className={styles.beyond}>
      {count.toLocaleString('en')} of them {count === 1 ? 'is' : 'are'} not in the picture.
      <Button onPress={onAll}>Show all of it</Button>
    </p>
  )
}
