import { ActionMenu } from '@/components/ActionMenu'
import { Badge } from '@/components/Badge'
import buttonStyles from '@/components/Button.module.css'
import { ExternalLink } from '@/components/ExternalLink'
import { Facts } from '@/components/Facts'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Skeleton } from '@/components/Skeleton'
import { shortDuration } from '@/features/dependencies/dependencyWords'
import { KindMark } from '@/features/orchestrators/KindMark'
import {
  byAttention,
  kindName,
  orchestratorStatuses,
  troubleWords,
} from '@/features/orchestrators/orchestratorStatus'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Pencil, Plug, Unplug } from 'lucide-react'
import { useState } from 'react'
import { capabilityWords } from './capabilityWords'
import styles from './Connect.module.css'
import { type Connected, connectedQuery, kindsQuery } from './connectQueries'
import { DisconnectDialog } from './DisconnectDialog'
import { useConnectRefusal } from './permission'

/** Everything that is connected: how well it is seen, what can be done there, and who said so. */
export function OrchestratorsPage() {
  const { data, error, refetch } = useQuery(connectedQuery)
  const [leaving, setLeaving] = useState<Connected | null>(null)
  const refusal = useConnectRefusal()
  return (
    <div className={styles.page}>
      <title>Orchestrators · Podium</title>
      <PageHeading
        title="Orchestrators"
        under={refusal === undefined ? <Link to="/">Overview</Link> : <span>{refusal}.</span>}
        actions={
          refusal === undefined && (
            <Link to="/connect" className={`${buttonStyles.button ?? ''} ${buttonStyles.primary ?? ''}`}>
              <Plug aria-hidden size={15} /> Connect
            </Link>
          )
        }
      />
      {!data ? (
        error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={3} height={8} label="orchestrators" />
        )
      ) : data.length === 0 ? (
        <div className={styles.boxed}>
          <EmptyState icon={Plug} title="Nothing is connected yet">
            <Link to="/connect">Connect an orchestrator</Link>, and its pipelines appear within seconds.
          </EmptyState>
        </div>
      ) : (
        <ul className={styles.list}>
          {byAttention(data).map((one) => (
            <li key={one.id}>
              <OrchestratorEntry orchestrator={one} refusal={refusal} onLeave={() => setLeaving(one)} />
            </li>
          ))}
        </ul>
      )}
      {leaving && <DisconnectDialog orchestrator={leaving} onClose={() => setLeaving(null)} />}
    </div>
  )
}

interface EntryProps {
  orchestrator: Connected
  refusal: string | undefined
  onLeave: () => void
}

function OrchestratorEntry({ orchestrator, refusal, onLeave }: EntryProps) {
  const navigate = useNavigate()
  const { data: kinds } = useQuery(kindsQuery)
  const { name, kind, url, version, status, statusSince, lastSyncedAt, capabilities, origin } = orchestrator
  const look = orchestratorStatuses[status]
  const trouble = troubleWords(orchestrator)
  const supported = kinds?.find((one) => one.kind === kind)?.supportedVersions.join(' or ')
  const unavailable =
    origin === 'CONFIG' ? 'It is defined in podium.yaml: change it there, then run podium apply' : refusal
  return (
    <article className={styles.entry} aria-label={name}>
      <header className={styles.head}>
        <KindMark kind={kind} />
        <div className={styles.names}>
          <h2 className={styles.title}>
            <Link to="/pipelines" search={{ orchestrator: [name] }} className={styles.nameLink}>
              {name}
            </Link>
          </h2>
          <p className={styles.hint}>
            {kindName(kind)} {version} · {origin === 'CONFIG' ? 'from podium.yaml' : 'connected here'}
          </p>
        </div>
        <div className={styles.state}>
          <Badge tone={look.tone} icon={look.icon} word={look.word} isTurning={status === 'PENDING'} />
          <span className={styles.hint}>
            since <Instant at={statusSince} show="absolute" />
          </span>
        </div>
        <div className={styles.tools}>
          <ExternalLink href={url} label={`Open ${name}`} isCompact />
          <ActionMenu
            label={`Actions for ${name}`}
            actions={[
              {
                id: 'edit',
                label: 'Edit connection',
                icon: Pencil,
                unavailable,
                run: () => void navigate({ to: '/orchestrators/$name/edit', params: { name } }),
              },
              { id: 'disconnect', label: 'Disconnect…', icon: Unplug, unavailable, run: onLeave },
            ]}
          />
        </div>
      </header>
      {trouble && <p className={styles.trouble}>{trouble}</p>}
      <Facts
        isWide
        facts={[
          ['Address', url],
          ['Pipelines', orchestrator.pipelines.totalCount.toLocaleString('en')],
          ['Last sync', lastSyncedAt ? <Instant key="at" at={lastSyncedAt} show="relative" /> : 'never'],
          ['Synced every', shortDuration(orchestrator.pollInterval)],
          ['Supported versions', supported],
        ]}
      />
      <p className={styles.hint}>
        Podium can {capabilities.map((one) => capabilityWords[one]).join(', ') || 'only look'}.
      </p>
    </article>
  )
}
