import { ArrowRight, Check } from 'lucide-react'
import { Fragment } from 'react'
import { conditionTree, type Group, isGroup, type Node } from './conditionTree'
import styles from './ConditionFlow.module.css'
import type { Dependency, Firing } from './dependencyQueries'
import { ConditionName, PipelineEndpoint } from './Endpoints'

interface ConditionFlowProps {
  dependency: Dependency
  /** Of this firing it is shown which conditions hold */
  firing: Firing | null
}

/** On one line, or as few as can be: a and (b or c), an arrow, the target. */
export function ConditionFlow({ dependency, firing }: ConditionFlowProps) {
  return (
    <div className={styles.flow}>
      <Items group={conditionTree(dependency)} firing={firing} />
      <ArrowRight size={18} className={styles.arrow} role="img" aria-label="starts" />
      <span className={styles.target}>
        <PipelineEndpoint name={dependency.targetName} />
      </span>
    </div>
  )
}

function Items({ group, firing }: { group: Group; firing: Firing | null }) {
  return group.items.map((node, place) => (
    <Fragment key={place}>
      {place > 0 && <span className={styles.joint}>{group.mode === 'ALL' ? 'and' : 'or'}</span>}
      <Item node={node} firing={firing} />
    </Fragment>
  ))
}

function Item({ node, firing }: { node: Node; firing: Firing | null }) {
  if (isGroup(node)) {
    return (
      <span className={styles.group}>
        <Items group={node} firing={firing} />
      </span>
    )
  }
  const holds = firing?.satisfied[node.place]?.isSatisfied ?? false
  return (
    <span className={styles.condition} data-holds={holds || undefined}>
      <ConditionName condition={node.condition} />
      {holds && <Check size={14} strokeWidth={2.5} className={styles.check} role="img" aria-label="holds" />}
    </span>
  )
}
