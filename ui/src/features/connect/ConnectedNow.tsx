import { Badge } from '@/components/Badge'
import buttonStyles from '@/components/Button.module.css'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { KindMark } from '@/features/orchestrators/KindMark'
import { kindName, orchestratorStatuses, troubleWords } from '@/features/orchestrators/orchestratorStatus'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Hourglass, SearchX } from 'lucide-react'
import styles from './Connect.module.css'
import { firstPipelinesQuery } from './connectQueries'

/** What has just been connected: its first pipelines as they arrive, and where to go on. */
export function ConnectedNow({ name }: { name: string }) {
  const { data, error, refetch } = useQuery(firstPipelinesQuery(name))
  if (data === undefined) {
    return error ? (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={3} height={4} label={name} />
    )
  }
  if (data === null) {
    return (
      <div className={styles.boxed}>
        <EmptyState icon={SearchX} title={`Nothing is connected as ${name}`}>
          It may have been disconnected. <Link to="/connect">Connect an orchestrator</Link>.
        </EmptyState>
      </div>
    )
  }
  const look = orchestratorStatuses[data.status]
  const trouble = troubleWords(data)
  const rest = data.pipelines.totalCount - data.firstPipelines.edges.length
  return (
    <>
      <Panel
        title={`${name} is connected`}
        aside={
          <Badge tone={look.tone} icon={look.icon} word={look.word} isTurning={data.status === 'PENDING'} />
        }
        tools={
          <Link to="/" search={{ orchestrator: [name] }}>
            Its runs
          </Link>
        }
      >
        <div className={styles.arriving} aria-live="polite">
          <p className={styles.who}>
            <KindMark kind={data.kind} size="small" /> {kindName(data.kind)} {data.version} at {data.url}
          </p>
          {trouble && data.status !== 'PENDING' && <p className={styles.fault}>{trouble}</p>}
          {data.pipelines.totalCount === 0 ? (
            <p className={styles.hint}>
              <Hourglass aria-hidden size={15} /> Its pipelines appear here as soon as they have been read.
            </p>
          ) : (
            <>
              <p>
                <strong>{data.pipelines.totalCount.toLocaleString('en')}</strong>{' '}
                {data.pipelines.totalCount === 1 ? 'pipeline so far' : 'pipelines so far'}
              </p>
              <ul className={styles.pipelines}>
                {data.firstPipelines.edges.map(({ node: pipeline }) => (
                  <li key={pipeline.id}>
                    <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }}>
                      {pipeline.name}
                    </Link>
                    {pipeline.schedule && <span className={styles.hint}>{pipeline.schedule}</span>}
                  </li>
                ))}
                {rest > 0 && (
                  <li>
                    <Link to="/pipelines" search={{ orchestrator: [name] }}>
                      {rest.toLocaleString('en')} more
                    </Link>
                  </li>
                )}
              </ul>
            </>
          )}
        </div>
      </Panel>
      <NextSteps />
    </>
  )
}

function NextSteps() {
  return (
    <Panel title="What next?">
      <ul className={styles.steps}>
        <li>
          <p>
            <strong>Start something when others are done</strong>, also across systems.
          </p>
          <Link to="/new-dependency" className={buttonStyles.button}>
            Define a dependency
          </Link>
        </li>
        <li>
          <p>
            <strong>Promise when something is ready</strong>, and be told before it is late.
          </p>
          <Link to="/slas" className={buttonStyles.button}>
            Promise something
          </Link>
        </li>
        <li>
          <p>
            <strong>See more systems</strong> on one page.
          </p>
          <Link to="/connect" search={{}} className={buttonStyles.button}>
            Connect another
          </Link>
        </li>
      </ul>
    </Panel>
  )
}
