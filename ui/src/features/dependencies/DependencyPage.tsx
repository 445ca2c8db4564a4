import { Facts } from '@/components/Facts'
import { ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import incidentStyles from '@/features/incidents/IncidentPage.module.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ConditionList } from './ConditionList'
import { conditionTree } from './conditionTree'
import { DependencyActions } from './DependencyActions'
import { OriginBadge, StoppedBadge } from './DependencyBadges'
import styles from './DependencyPage.module.css'
import { type Dependency, dependencyQuery, targetQuery } from './dependencyQueries'
import { inputOf } from './dependencyInput'
import type { FiringSearch } from './dependencySearch'
import { keyWords, shortDuration } from './dependencyWords'
import { PipelineEndpoint } from './Endpoints'
import { FiringList } from './FiringList'
import { YamlPanel } from './YamlPanel'

interface DependencyPageProps {
  name: string
  search: FiringSearch
  onChange: (search: FiringSearch) => void
}

export function DependencyPage({ name, ...firings }: DependencyPageProps) {
  const { data: dependency, error, refetch } = useQuery(dependencyQuery(name))
  if (dependency) return <DependencyDetails dependency={dependency} {...firings} />
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return <Skeleton lines={5} height={4} label="dependency" />
}

type DetailsProps = Omit<DependencyPageProps, 'name'> & { dependency: Dependency }

function DependencyDetails({ dependency, ...firings }: DetailsProps) {
  return (
    <>
      <title>{`${dependency.name} · dependency · Podium`}</title>
      <PageHeading
        title={dependency.name}
        badge={
          <>
            <OriginBadge origin={dependency.origin} />
            <StoppedBadge {...dependency} />
          </>
        }
        under={
          <>
            <Link to="/dependencies">Dependencies</Link> · starts {dependency.targetName},{' '}
            {keyWords(dependency)}
          </>
        }
        actions={<DependencyActions dependency={dependency} />}
      />
      {dependency.description && <p className={styles.description}>{dependency.description}</p>}
      <div className={incidentStyles.columns}>
        <FiringList dependency={dependency} {...firings} />
        <div className={incidentStyles.side}>
          <Panel title="When">
            <div className={styles.padded}>
              <ConditionList tree={conditionTree(dependency)} keyedBy={dependency.keyedBy} />
            </div>
          </Panel>
          <Panel title="Then">
            <div className={styles.padded}>
              <Target dependency={dependency} />
            </div>
            <DependencyFacts dependency={dependency} />
          </Panel>
          <YamlPanel dependency={inputOf(dependency)} />
        </div>
      </div>
    </>
  )
}

function Target({ dependency: { targetName } }: { dependency: Dependency }) {
  const { data: pipeline } = useQuery(targetQuery(targetName))
  if (pipeline) {
    return (
      <p className={styles.starts}>
        starts
        <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }} className={styles.target}>
          <PipelineEndpoint name={targetName} />
        </Link>
      </p>
    )
  }
  return (
    <>
      <p className={styles.starts}>
        starts <PipelineEndpoint name={targetName} />
      </p>
      {pipeline === null && (
        <p className={styles.missing}>
          No orchestrator lists it now; firings wait for it. Check its key, and that its orchestrator is
          connected.
        </p>
      )}
    </>
  )
}

const reruns: Record<Dependency['onRerun'], string> = {
  IGNORE: 'nothing happens',
  FIRE: 'it fires again',
  ASK: 'a person is asked',
}

function DependencyFacts({ dependency }: { dependency: Dependency }) {
  const { timeout, maxActive, maxPerMinute, onRerun, partition, parameters } = dependency
  const hasParameters = Object.keys(parameters ?? {}).length > 0
  return (
    <Facts
      facts={[
        ['Fires', keyWords(dependency)],
        ['With', hasParameters && <code key="with">{JSON.stringify(parameters)}</code>],
        ['Partition', partition && <code key="partition">{partition}</code>],
        ['Expires after', timeout && shortDuration(timeout)],
        ['After a rerun', reruns[onRerun]],
        ['Runs at once', maxActive],
        ['In a minute', maxPerMinute],
        ['Cycles', dependency.allowCycle && 'allowed'],
      ]}
    />
  )
}
