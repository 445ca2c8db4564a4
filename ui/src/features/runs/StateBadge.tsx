import type { RunState, TaskRunState } from '@/api/generated'
import { Badge } from '@/components/Badge'
import { type Outdated, outdatedWords } from '@/features/orchestrators/outdated'
import { useOutdated } from '@/features/orchestrators/useOutdated'
import { useNow } from '@/time/useNow'
import { isOngoing, runStates, taskRunStates } from './runState'

interface StateBadgeProps<State> {
  state: State
  /** The orchestrator's own word, on hover */
  nativeState: string
}

/** `orchestrator`: whose run it is, by its name; while it cannot be asked, a run that goes on is shown as it was. */
export function RunStateBadge({
  orchestrator = '',
  ...run
}: StateBadgeProps<RunState> & { orchestrator?: string }) {
  const outdated = useOutdated(orchestrator)
  const { state, nativeState } = run
  if (outdated && isOngoing(state)) return <OldBadge {...{ state, nativeState, orchestrator, outdated }} />
  return (
    <Badge {...runStates[state]} isTurning={state === 'RUNNING'} title={`Reported as “${nativeState}”`} />
  )
}

interface OldBadgeProps extends StateBadgeProps<RunState> {
  orchestrator: string
  outdated: Outdated
}

function OldBadge({ state, nativeState, orchestrator, outdated }: OldBadgeProps) {
  const words = outdatedWords(orchestrator, outdated, useNow(5_000))
  return <Badge {...runStates[state]} isDoubtful title={`Reported as “${nativeState}”; ${words}`} />
}

export function TaskRunStateBadge({ state, nativeState }: StateBadgeProps<TaskRunState>) {
  return (
    <Badge {...taskRunStates[state]} isTurning={state === 'RUNNING'} title={`Reported as “${nativeState}”`} />
  )
}
