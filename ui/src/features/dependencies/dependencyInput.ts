import type { ConditionInput, DependencyInput } from '@/api/generated'
import { conditionTree, isGroup, type Node, splitName, subjectOf } from './conditionTree'
import type { Dependency } from './dependencyQueries'

/** A dependency as the API would be given it. */
export function inputOf(dependency: Dependency): DependencyInput {
  const { name, description, keyedBy, timezone, timeout, parameters, partition } = dependency
  const { onRerun, maxActive, maxPerMinute, allowCycle, isEnabled } = dependency
  const { mode, items } = conditionTree(dependency)
  return {
    ...{ name, description, mode, keyedBy, timezone, timeout, parameters, partition },
    ...{ onRerun, maxActive, maxPerMinute, allowCycle, isEnabled },
    upstream: items.map(nodeInput),
    target: splitName(dependency.targetName),
  }
}

function nodeInput(node: Node): ConditionInput {
  if (isGroup(node)) {
    const items = node.items.map(nodeInput)
    return node.mode === 'ALL' ? { all: items } : { any: items }
  }
  const { states, offset, every, task, partitions, freshWithin } = node.condition
  const subject = subjectOf(node.condition)
  if (subject.what === 'window') return { cron: subject.cron, lasts: subject.lasts }
  if (subject.what === 'dataset') {
    const { namespace, name } = subject
    return { dataset: { namespace, name }, freshWithin, offset, every }
  }
  const { orchestrator, key } = subject
  return { pipeline: { orchestrator, key }, states, task, partitions, offset, every }
}
