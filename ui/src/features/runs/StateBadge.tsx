import type { RunState, TaskRunState } from '@/api/generated'
import { Badge } from '@/components/Badge'
import { runStates, taskRunStates } from './runState'

interface StateBadgeProps<State> {
  state: State
  /** The orchestrator's own word, on hover */
  nativeState: string
}

export function RunStateBadge({ state, nativeState }: StateBadgeProps<RunState>) {
  return (
    <Badge {...runStates[state]} isTurning={state === 'RUNNING'} title={`Reported as “${nativeState}”`} />
  )
}

export function TaskRunStateBadge({ state, nativeState }: StateBadgeProps<TaskRunState>) {
  return (
    <Badge {...taskRunStates[state]} isTurning={state === 'RUNNING'} title={`Reported as “${nativeState}”`} />
  )
}
