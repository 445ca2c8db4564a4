import { Link } from '@tanstack/react-router'
import { Instant } from '@/time/Instant'
import { CircleCheck, CircleDashed } from 'lucide-react'
import styles from './ConditionList.module.css'
import { type Group, isGroup, type Leaf, type Node } from './conditionTree'
import type { Dependency, FiringHistory } from './dependencyQueries'
import { conditionWords, modeWords } from './dependencyWords'
import { ConditionName } from './Endpoints'

interface ConditionListProps {
  tree: Group
  keyedBy: Dependency['keyedBy']
  /** Of one firing: which conditions hold, since when and by which run */
  held?: FiringHistory['satisfied']
}

/** What must be so, in words, with groups in groups. */
export function ConditionList({ tree, keyedBy, held }: ConditionListProps) {
  return (
    <div className={styles.group}>
      {tree.items.length > 1 && <p className={styles.mode}>{modeWords(tree)}:</p>}
      <ul className={styles.items}>
        {tree.items.map((node, place) => (
          <Item key={place} node={node} keyedBy={keyedBy} {...(held && { held })} />
        ))}
      </ul>
    </div>
  )
}

interface ItemProps extends Omit<ConditionListProps, 'tree'> {
  node: Node
}

function Item({ node, ...props }: ItemProps) {
  if (isGroup(node)) {
    return (
      <li className={styles.nested}>
        <ConditionList tree={node} {...props} />
      </li>
    )
  }
  return (
    <li className={styles.item}>
      {props.held && <Held state={props.held[node.place]} />}
      <div className={styles.text}>
        <Named leaf={node} />
        <p className={styles.words}>{conditionWords(node.condition, props.keyedBy)}</p>
        {props.held && <By state={props.held[node.place]} />}
      </div>
    </li>
  )
}

function Named({ leaf: { condition } }: { leaf: Leaf }) {
  const { pipeline } = condition
  if (!pipeline) return <ConditionName condition={condition} />
  return (
    <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }} className={styles.link}>
      <ConditionName condition={condition} />
    </Link>
  )
}

type State = FiringHistory['satisfied'][number] | undefined

function Held({ state }: { state: State }) {
  return state?.isSatisfied ? (
    <CircleCheck size={16} className={styles.holds} role="img" aria-label="Holds" />
  ) : (
    <CircleDashed size={16} className={styles.waits} role="img" aria-label="Does not hold yet" />
  )
}

function By({ state }: { state: State }) {
  if (!state?.isSatisfied) return null
  return (
    <p className={styles.words}>
      {state.by && (
        <>
          by{' '}
          <Link to="/runs/$runId" params={{ runId: state.by.id }}>
            {state.by.externalId}
          </Link>
          {', '}
        </>
      )}
      <Instant at={state.at} show="absolute" />
    </p>
  )
}
