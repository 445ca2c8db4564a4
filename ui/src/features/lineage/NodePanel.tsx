import { Badge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { ExternalLink } from '@/components/ExternalLink'
import { Facts } from '@/components/Facts'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { incidentNumber } from '@/features/incidents/incidentId'
import { severities } from '@/features/incidents/incidentWords'
import { RunStateBadge } from '@/features/runs/StateBadge'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import { Crosshair, FoldHorizontal, UnfoldHorizontal, X } from 'lucide-react'
import { ColumnList } from './ColumnList'
import type { GraphNode } from './graph'
import type { NodeLook } from './GraphNodeMark'
import { FoundMark } from './LineageSearch'
import { detailQuery, type NodeDetail } from './lineageQueries'
import { typeWords } from './looks'
import styles from './NodePanel.module.css'
import { NodeSpread } from './NodeSpread'

interface NodePanelProps {
  node: GraphNode
  look: NodeLook
  isOpened: boolean
  column: string | undefined
  asOf: string | undefined
  onColumn: (name: string | undefined) => void
  onToggle: () => void
  onBegin: (id: string) => void
  onClose: () => void
  spread: Pick<ComponentProps<typeof NodeSpread>, 'isShown' | 'onAll'>
}

/** What the selected node is, what it hurts, and where to read on. */
export function NodePanel({
  node,
  look,
  isOpened,
  column,
  asOf,
  onColumn,
  onToggle,
  onBegin,
  onClose,
  spread,
}: NodePanelProps) {
  const { data: detail, error, refetch } = useQuery(detailQuery(node.id))
  return (
    <aside className={styles.panel} aria-label={`About ${node.name}`}>
      <header className={styles.header}>
        <p className={styles.what}>
          {detail && <FoundMark node={markOf(detail)} />} {typeWords[node.type]}
          {node.note && ` · ${node.note}`}
        </p>
        <Button look="icon" aria-label="Close" onPress={onClose}>
          <X aria-hidden size={16} />
        </Button>
        <h2 className={styles.name}>{node.name}</h2>
        <p className={styles.where}>{node.where}</p>
      </header>
      <div className={styles.actions}>
        <Button onPress={onToggle}>
          {isOpened ? <FoldHorizontal aria-hidden size={15} /> : <UnfoldHorizontal aria-hidden size={15} />}
          {isOpened ? 'Collapse' : 'Expand'}
        </Button>
        <Button onPress={() => onBegin(node.id)}>
          <Crosshair aria-hidden size={15} /> Start here
        </Button>
      </div>
      <OfNow asOf={asOf} />
      <Incident look={look} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {detail ? <Details detail={detail} /> : !error && <Skeleton lines={3} height={1.5} label={node.name} />}
      <NodeSpread id={node.id} asOf={asOf} {...spread} />
      {detail?.__typename === 'Dataset' && (
        <ColumnList dataset={detail} column={column} asOf={asOf} onColumn={onColumn} />
      )}
    </aside>
  )
}

/** Not all that is known of now is known of earlier times. */
function OfNow({ asOf }: Pick<NodePanelProps, 'asOf'>) {
  if (asOf === undefined) return null
  return (
    <p className={styles.ofNow}>
      Runs, health, incidents, owners and the names of columns are of now. What comes after it, and what
      columns are made from, is as it was.
    </p>
  )
}

/** A job bears the mark of what runs it. */
function markOf(detail: NodeDetail) {
  return detail.__typename === 'LineageJob' && detail.pipeline
    ? { ...detail.pipeline, __typename: 'Pipeline' as const }
    : detail
}

function Incident({ look: { incident } }: { look: NodeLook }) {
  if (!incident) return null
  return (
    <div className={styles.incident}>
      <Badge {...severities[incident.severity]} />
      <Link to="/incidents/$incidentId" params={{ incidentId: incidentNumber(incident.id) }}>
        {incident.title}
      </Link>
    </div>
  )
}

function Details({ detail }: { detail: NodeDetail }) {
  if (detail.__typename === 'Dataset') return <DatasetFacts detail={detail} />
  return detail.__typename === 'Pipeline' ? <PipelineFacts detail={detail} /> : <JobFacts detail={detail} />
}

function DatasetFacts({ detail }: { detail: Extract<NodeDetail, { __typename: 'Dataset' }> }) {
  const { lastWriter, aliases } = detail
  return (
    <>
      {detail.description && <p className={styles.description}>{detail.description}</p>}
      <Facts
        facts={[
          ['Last written', detail.lastUpdatedAt !== null && <Instant key="at" at={detail.lastUpdatedAt} />],
          [
            'Written by',
            lastWriter && (
              <span className={styles.run}>
                <Link to="/runs/$runId" params={{ runId: lastWriter.id }}>
                  {lastWriter.pipeline.name}
                </Link>
                <RunStateBadge state={lastWriter.state} nativeState={lastWriter.nativeState} />
              </span>
            ),
          ],
          ['Owners', detail.owners.join(', ')],
          ['Tags', detail.tags.join(', ')],
          [
            'Also known as',
            aliases.length > 1 && aliases.map(({ namespace, name }) => `${namespace} ${name}`).join(', '),
          ],
          ['Last change', detail.lifecycle?.toLowerCase()],
        ]}
      />
    </>
  )
}

type Ran = Pick<Extract<NodeDetail, { __typename: 'Pipeline' }>, 'id' | 'name' | 'url' | 'orchestrator'> & {
  latestRun: Pick<NonNullable<Extract<NodeDetail, { __typename: 'Pipeline' }>['latestRun']>, 'id' | 'externalId' | 'state' | 'nativeState'> | null
} // prettier-ignore

/** The ways to a pipeline, to its latest run and out to its orchestrator. */
function ranFacts({ id, name, url, latestRun, orchestrator }: Ran): Parameters<typeof Facts>[0]['facts'] {
  return [
    [
      'Pipeline',
      <Link key="pipeline" to="/pipelines/$pipelineId" params={{ pipelineId: id }}>
        {name}
      </Link>,
    ],
    [
      'Latest run',
      latestRun && (
        <span className={styles.run}>
          <Link to="/runs/$runId" params={{ runId: latestRun.id }}>
            {latestRun.externalId}
          </Link>
          <RunStateBadge state={latestRun.state} nativeState={latestRun.nativeState} />
        </span>
      ),
    ],
    [
      'Runs in',
      url === null ? orchestrator.name : <ExternalLink key="out" href={url} label={orchestrator.name} />,
    ],
  ]
}

function PipelineFacts({ detail }: { detail: Extract<NodeDetail, { __typename: 'Pipeline' }> }) {
  return (
    <>
      {detail.description && <p className={styles.description}>{detail.description}</p>}
      <Facts
        facts={[
          ...ranFacts(detail),
          [
            'Ended',
            detail.latestRun && detail.latestRun.endedAt !== null && (
              <Instant key="ended" at={detail.latestRun.endedAt} />
            ),
          ],
          ['Schedule', detail.schedule && <code key="schedule">{detail.schedule}</code>],
          ['Owners', detail.owners.join(', ')],
          ['Tags', detail.tags.join(', ')],
        ]}
      />
    </>
  )
}

function JobFacts({ detail }: { detail: Extract<NodeDetail, { __typename: 'LineageJob' }> }) {
  const { pipeline, task, latestState, latestRunAt } = detail
  return (
    <Facts
      facts={[
        ...(pipeline ? ranFacts(pipeline) : []),
        ['Task', task?.name],
        ['Integration', [detail.integration, detail.type].filter(Boolean).join(' / ')],
        ['Last event', latestRunAt !== null && <Instant key="at" at={latestRunAt} />],
        ['State', latestState && <RunStateBadge key="state" state={latestState} nativeState={latestState} />],
        ['Known from', detail.isDerived && 'the assets that its orchestrator shows'],
      ]}
    />
  )
}
