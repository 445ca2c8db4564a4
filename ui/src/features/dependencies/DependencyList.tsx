import { Changed } from '@/components/Changed'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { ConditionFlow } from './ConditionFlow'
import { conditionTree } from './conditionTree'
import { FiringBadge, OriginBadge, StoppedBadge } from './DependencyBadges'
import styles from './DependencyList.module.css'
import type { ListedDependency } from './dependencyQueries'
import { keyWords, progressWords } from './dependencyWords'

export function DependencyList({ dependencies }: { dependencies: ListedDependency[] }) {
  return (
    <ul className={styles.list} aria-label="Dependencies">
      {dependencies.map((dependency) => (
        <Row key={dependency.id} dependency={dependency} />
      ))}
    </ul>
  )
}

function Row({ dependency }: { dependency: ListedDependency }) {
  const { name, newest } = dependency
  return (
    <li className={styles.row} data-stopped={!dependency.isEnabled || dependency.isPaused || undefined}>
      <div className={styles.what}>
        <Link to="/dependencies/$name" params={{ name }} className={styles.name}>
          {name}
        </Link>
        <p className={styles.key}>{keyWords(dependency)}</p>
        <div className={styles.badges}>
          <OriginBadge origin={dependency.origin} />
          <StoppedBadge {...dependency} />
        </div>
      </div>
      <ConditionFlow dependency={dependency} firing={newest?.state === 'WAITING' ? newest : null} />
      <div className={styles.newest}>
        <Newest dependency={dependency} />
      </div>
    </li>
  )
}

function Newest({ dependency }: { dependency: ListedDependency }) {
  const { newest } = dependency
  if (!newest) return <p className={styles.never}>Has not fired yet</p>
  return (
    <>
      <p className={styles.state}>
        <Changed of={newest.id + newest.state}>
          <FiringBadge {...newest} />
        </Changed>
        <code className={styles.firing}>{newest.key}</code>
      </p>
      <p className={styles.progress}>{progressWords(conditionTree(dependency), newest)}</p>
      {newest.triggeredAt !== null && (
        <p className={styles.progress}>
          triggered <Instant at={newest.triggeredAt} show="relative" />
        </p>
      )}
    </>
  )
}
