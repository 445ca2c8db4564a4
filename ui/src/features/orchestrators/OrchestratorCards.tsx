import { Badge } from '@/components/Badge'
import buttonStyles from '@/components/Button.module.css'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { ExternalLink } from '@/components/ExternalLink'
import { Skeleton } from '@/components/Skeleton'
import type { OrchestratorCardFragment } from '@/api/generated'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, Plug } from 'lucide-react'
import { KindMark } from './KindMark'
import styles from './OrchestratorCards.module.css'
import { orchestratorsQuery } from './orchestratorQueries'
import { byAttention, cardWords, kindName, orchestratorStatuses, troubleWords } from './orchestratorStatus'
import { isOutdated } from './outdated'

/** Of more than these, only those in trouble have a card. */
const mostCards = 8

export function OrchestratorCards() {
  const { data, error, refetch } = useQuery(orchestratorsQuery)
  return (
    <section aria-labelledby="orchestrators" className={styles.section}>
      <h2 id="orchestrators" className={styles.heading}>
        Orchestrators {data && <span className={styles.count}>{data.length}</span>}
        {data && data.length > 0 && (
          <Link to="/orchestrators" className={styles.all}>
            All orchestrators
          </Link>
        )}
      </h2>
      {data ? (
        <Cards orchestrators={data} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={1} height={8.5} label="orchestrators" />
      )}
    </section>
  )
}

function Cards({ orchestrators }: { orchestrators: OrchestratorCardFragment[] }) {
  if (orchestrators.length === 0) return <FirstStep />
  const isMany = orchestrators.length > mostCards
  const inOrder = byAttention(orchestrators)
  const carded = inOrder.filter(({ status }) => !isMany || status !== 'HEALTHY')
  const chips = inOrder.filter((one) => !carded.includes(one))
  return (
    <>
      {carded.length > 0 && (
        <ul className={styles.cards}>
          {carded.map((orchestrator) => (
            <li key={orchestrator.id}>
              <OrchestratorCard orchestrator={orchestrator} />
            </li>
          ))}
        </ul>
      )}
      {chips.length > 0 && <Chips orchestrators={chips} />}
    </>
  )
}

/** One word each for those that are well, so that what comes below stays in sight. */
function Chips({ orchestrators }: { orchestrators: OrchestratorCardFragment[] }) {
  return (
    <ul className={styles.chips} aria-label="Healthy orchestrators">
      {orchestrators.map(({ id, name, kind }) => (
        <li key={id}>
          <Link to="/" search={{ orchestrator: [name] }} className={styles.chip}>
            <KindMark kind={kind} size="small" />
            <span className={styles.chipName}>{name}</span>
            <CircleCheck aria-hidden size={14} className={styles.well} />
            <span className="visually-hidden">healthy</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

export function OrchestratorCard({ orchestrator }: { orchestrator: OrchestratorCardFragment }) {
  const { name, kind, url, version, status, statusSince, pipelines } = orchestrator
  const look = orchestratorStatuses[status]
  const words = cardWords(orchestrator)
  return (
    <article className={styles.card} data-tone={look.tone} aria-label={name}>
      <header className={styles.header}>
        <KindMark kind={kind} />
        <div className={styles.names}>
          <h3 className={styles.name}>
            <Link to="/" search={{ orchestrator: [name] }} className={styles.nameLink}>
              {name}
            </Link>
          </h3>
          <p className={styles.kind}>
            {kindName(kind)} {version}
          </p>
        </div>
        <ExternalLink href={url} label={`Open ${name}`} isCompact />
      </header>
      <p className={styles.status}>
        <Badge tone={look.tone} icon={look.icon} word={look.word} isTurning={status === 'PENDING'} />
        <span className={styles.since}>
          since <Instant at={statusSince} show="absolute" />
        </span>
      </p>
      {words && (
        <p className={styles.reason} title={troubleWords(orchestrator) ?? undefined}>
          {words}
        </p>
      )}
      <p className={styles.facts}>
        <span>
          <strong>{pipelines.totalCount.toLocaleString('en')}</strong>{' '}
          {pipelines.totalCount === 1 ? 'pipeline' : 'pipelines'}
        </span>
        <span>
          <SyncWords {...orchestrator} />
        </span>
      </p>
    </article>
  )
}

/** Of when what is shown of it is. */
function SyncWords({ status, lastSyncedAt }: Pick<OrchestratorCardFragment, 'status' | 'lastSyncedAt'>) {
  if (lastSyncedAt === null) return 'never synced'
  return isOutdated(status) ? (
    <>
      what you see is from <Instant at={lastSyncedAt} show="absolute" />
    </>
  ) : (
    <>
      synced <Instant at={lastSyncedAt} show="relative" />
    </>
  )
}

function FirstStep() {
  return (
    <div className={styles.first}>
      <EmptyState icon={Plug} title="Connect your first orchestrator">
        <p>
          Say where your Airflow, Prefect or Dagster is. Its pipelines and runs appear here within seconds.
        </p>
        <p className={styles.begin}>
          <Link to="/connect" className={`${buttonStyles.button ?? ''} ${buttonStyles.primary ?? ''}`}>
            <Plug aria-hidden size={15} /> Connect an orchestrator
          </Link>
        </p>
        <ol className={styles.next}>
          <li>Connect it, and watch its pipelines arrive.</li>
          <li>Define what waits for what across systems.</li>
          <li>Promise when something is ready, and be told before it is late.</li>
        </ol>
        <p>
          Prefer a file? Describe it in <code>podium.yaml</code>, then run{' '}
          <code>podium apply -f podium.yaml</code>.
        </p>
        <pre className={styles.example}>{`orchestrators:
  - name: airflow-prod
    kind: airflow        # or prefect, dagster
    url: https://airflow.example.com
    auth: {username: podium, password: env:AIRFLOW_PASSWORD}`}</pre>
        <p>
          <code>podium check -f podium.yaml</code> tries the connection first. Nothing to connect yet?{' '}
          <code>make demo</code> starts three orchestrators with sample pipelines.
        </p>
      </EmptyState>
    </div>
  )
}
