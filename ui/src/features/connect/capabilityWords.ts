import type { Capability } from '@/api/generated'

/** What Podium can do at an orchestrator: "Podium can start runs". */
export const capabilityWords: Record<Capability, string> = {
  TRIGGER: 'start runs',
  CANCEL: 'cancel runs',
  RETRY: 'retry runs',
  PAUSE: 'pause schedules',
  TASKS: 'see tasks',
  TASK_GRAPH: 'see task graphs',
  LOGS: 'read logs',
  ASSETS: 'see data assets',
  PUSH: 'be told of changes',
}
