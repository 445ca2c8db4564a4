import { Badge } from '@/components/Badge'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { slaStates } from '@/features/slas/slaStates'
import { slaKinds } from '@/features/slas/slaWords'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CirclePause, Database, GitMerge, GitPullRequestArrow } from 'lucide-react'
import type { ReactNode } from 'react'
import { pipelineByNameQuery, type Surroundings, surroundingsQuery } from './pipelineParts'
import styles from './Surroundings.module.css'

/** What is promised of a pipeline, what it waits for and who waits for it, and its data. */
export function PipelineSurroundings({ pipelineId }: { pipelineId: string }) {
  const { data, error, refetch } = useQuery(surroundingsQuery(pipelineId))
  if (!data && error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={2} height={6} label="what is around it" />
  return (
    <>
      {data.slas.length > 0 && (
        <Panel title="SLAs" aside={data.slas.length}>
          <Slas slas={data.slas} />
        </Panel>
      )}
      <Dependencies {...data} />
      <Lineage {...data} />
    </>
  )
}

function Slas({ slas }: { slas: Surroundings['slas'] }) {
  return (
    <ul className={styles.list}>
      {slas.map(({ id, name, kind, owner, isEnabled, current }) => (
        <li key={id} className={styles.item}>
          <Link to="/slas/$slaName" params={{ slaName: name }} className={styles.name}>
            {name}
          </Link>
          {!isEnabled ? (
            <Badge tone="neutral" icon={CirclePause} word="Off" />
          ) : (
            <Badge {...slaStates[current?.state ?? 'PENDING']} />
          )}
          <span className={styles.sub}>
            {slaKinds[kind]}
            {current && ` · ${current.key}`}
            {current?.dueAt && (
              <>
                {' · due '}
                <Instant at={current.dueAt} show="relative" />
              </>
            )}
            {owner && ` · ${owner}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Dependencies({ dependencies, dependents }: Surroundings) {
  if (dependencies.length + dependents.length === 0) return null
  return (
    <Panel title="Dependencies" aside={dependencies.length + dependents.length}>
      <Part title="It waits for" isShown={dependencies.length > 0}>
        {dependencies.map(({ id, name, expression, ...standing }) => (
          <li key={id} className={styles.item}>
            <Link to="/dependencies/$name" params={{ name }} className={styles.name}>
              <GitMerge aria-hidden size={14} /> {name}
            </Link>
            <Standing {...standing} />
            <span className={styles.sub}>{expression}</span>
          </li>
        ))}
      </Part>
      <Part title="Waiting for it" isShown={dependents.length > 0}>
        {dependents.map(({ id, name, targetName, ...standing }) => (
          <li key={id} className={styles.item}>
            <Link to="/dependencies/$name" params={{ name }} className={styles.name}>
              <GitPullRequestArrow aria-hidden size={14} /> {name}
            </Link>
            <Standing {...standing} />
            <span className={styles.sub}>
              starts <NamedPipeline name={targetName} />
            </span>
          </li>
        ))}
      </Part>
    </Panel>
  )
}

function Standing({ isEnabled, isPaused }: { isEnabled: boolean; isPaused: boolean }) {
  if (!isEnabled) return <Badge tone="neutral" icon={CirclePause} word="Off" />
  return isPaused ? <Badge tone="caution" icon={CirclePause} word="Paused" /> : null
}

/** A pipeline that a definition names; a link where an orchestrator lists it. */
function NamedPipeline({ name }: { name: string }) {
  const { data } = useQuery(pipelineByNameQuery(name))
  if (!data) return name
  return (
    <Link to="/pipelines/$pipelineId" params={{ pipelineId: data.id }}>
      {name}
    </Link>
  )
}

function Lineage({ id, inputs, outputs }: Surroundings) {
  if (inputs.length + outputs.length === 0) return null
  return (
    <Panel
      title="Lineage"
      aside={`${inputs.length} in, ${outputs.length} out`}
      tools={
        <>
          <Link to="/lineage" search={{ node: id, selected: id, direction: 'upstream' }}>
            Upstream
          </Link>
          <Link to="/lineage" search={{ node: id, selected: id, direction: 'downstream' }}>
            Downstream
          </Link>
        </>
      }
    >
      <Datasets title="It reads" datasets={inputs} />
      <Datasets title="It writes" datasets={outputs} />
    </Panel>
  )
}

function Datasets({ title, datasets }: { title: string; datasets: Surroundings['inputs'] }) {
  return (
    <Part title={title} isShown={datasets.length > 0}>
      {datasets.map(({ id, namespace, name, lastUpdatedAt }) => (
        <li key={id} className={styles.item}>
          <Link to="/lineage" search={{ node: id, selected: id }} className={styles.name}>
            <Database aria-hidden size={14} /> {name}
          </Link>
          {lastUpdatedAt && (
            <span className={styles.when}>
              <Instant at={lastUpdatedAt} show="relative" />
            </span>
          )}
          <span className={styles.sub}>{namespace}</span>
        </li>
      ))}
    </Part>
  )
}

function Part({ title, isShown, children }: { title: string; isShown: boolean; children: ReactNode }) {
  if (!isShown) return null
  return (
    <div className={styles.part}>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.list} aria-label={title}>
        {children}
      </ul>
    </div>
  )
}
