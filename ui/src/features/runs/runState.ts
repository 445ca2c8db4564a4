import type { RunRowFragment, RunState, TaskRunState } from '@/api/generated'
import type { Tone } from '@/components/Badge'
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleX,
  Clock3,
  LoaderCircle,
  type LucideIcon,
  RotateCcw,
  SkipForward,
} from 'lucide-react'

export interface StateLook {
  word: string
  tone: Tone
  icon: LucideIcon
}

export const runStates: Record<RunState, StateLook> = {
  RUNNING: { word: 'Running', tone: 'active', icon: LoaderCircle },
  QUEUED: { word: 'Queued', tone: 'caution', icon: Clock3 },
  FAILED: { word: 'Failed', tone: 'bad', icon: CircleX },
  SUCCESS: { word: 'Success', tone: 'good', icon: CircleCheck },
  CANCELLED: { word: 'Cancelled', tone: 'neutral', icon: Ban },
  SKIPPED: { word: 'Skipped', tone: 'neutral', icon: SkipForward },
  UNKNOWN: { word: 'Unknown', tone: 'odd', icon: CircleHelp },
}

export const taskRunStates: Record<TaskRunState, StateLook> = {
  ...runStates,
  PENDING: { word: 'Pending', tone: 'neutral', icon: CircleDashed },
  DEFERRED: { word: 'Deferred', tone: 'caution', icon: CirclePause },
  UP_FOR_RETRY: { word: 'Up for retry', tone: 'caution', icon: RotateCcw },
  UPSTREAM_FAILED: { word: 'Upstream failed', tone: 'bad', icon: CircleX },
}

/** In the order in which a person looks for them. */
export const runStateOrder = Object.keys(runStates) as RunState[]

export function isRunState(value: string): value is RunState {
  return Object.hasOwn(runStates, value)
}

export function isOngoing(state: RunState): boolean {
  return state === 'RUNNING' || state === 'QUEUED'
}

type Allowed = { ok: true } | { ok: false; reason: string }

/** Whether a run can be cancelled, and otherwise why not. */
export function canCancel({ state, pipeline }: RunRowFragment): Allowed {
  const { capabilities, kind } = pipeline.orchestrator
  if (!capabilities.includes('CANCEL')) return { ok: false, reason: `${kind} cannot cancel through Podium` }
  return isOngoing(state) ? { ok: true } : { ok: false, reason: 'It has ended already' }
}

/** Whether a run can be retried, and otherwise why not. */
export function canRetry({ state, pipeline }: RunRowFragment): Allowed {
  const { capabilities, kind } = pipeline.orchestrator
  if (!capabilities.includes('RETRY')) return { ok: false, reason: `${kind} cannot retry through Podium` }
  return state === 'FAILED' || state === 'CANCELLED'
    ? { ok: true }
    : { ok: false, reason: 'Only a failed or cancelled run can be retried' }
}
