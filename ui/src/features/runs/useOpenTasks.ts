import { useState } from 'react'
import { firstFailed, hasBegun, namedAttempt, spotId, type SpotSearch } from './taskSpots'
import type { RunDetail } from './runQueries'
import type { TaskRun, TaskRunGroup } from './taskRunGroups'

interface Open {
  tasks: readonly string[]
  logs: readonly string[]
  /** Where the page itself has led the person; it does so once */
  led: readonly string[]
}

const nothing: Open = { tasks: [], logs: [], led: [] }

export interface OpenTasks {
  isOpen: (group: TaskRunGroup) => boolean
  toggle: (group: TaskRunGroup, isOpen: boolean) => void
  isLogShown: (taskRun: TaskRun) => boolean
  showLog: (group: TaskRunGroup, taskRun: TaskRun) => void
  /** The task to which the page has led the person */
  lead: string | null
}

/** Which tasks and logs are open: at first what the address names, or what has failed in a run that did not succeed. */
export function useOpenTasks(
  run: RunDetail,
  groups: TaskRunGroup[],
  spot: SpotSearch,
  onSpot: (taskRun: TaskRun | null) => void,
): OpenTasks {
  const [open, setOpen] = useState(nothing)
  const [named, failed] = [namedAttempt(groups, spot), failedAttempt(run, groups)]
  const wanted = named ?? failed
  const group = wanted && groups.find(({ attempts }) => attempts.includes(wanted))
  if (wanted && group && !open.led.includes(spotId(wanted))) {
    // Who has followed a link is not led elsewhere afterwards.
    const led = [wanted, ...(failed ? [failed] : [])].map(spotId)
    setOpen({ ...opened(open, group, wanted), led: [...open.led, ...led] })
  }
  return {
    isOpen: ({ id }) => open.tasks.includes(id),
    toggle: (which, isWanted) => {
      setOpen(isWanted ? opened(open, which, which.latest) : closed(open, which))
      onSpot(isWanted ? which.latest : null)
    },
    isLogShown: (taskRun) => open.logs.includes(spotId(taskRun)),
    showLog: (which, taskRun) => {
      setOpen(opened(open, which, taskRun))
      onSpot(taskRun)
    },
    lead: group?.id ?? null,
  }
}

function failedAttempt({ state }: RunDetail, groups: TaskRunGroup[]): TaskRun | null {
  return state === 'SUCCESS' ? null : (firstFailed(groups)?.latest ?? null)
}

function opened(open: Open, { id }: TaskRunGroup, taskRun: TaskRun): Open {
  const log = spotId(taskRun)
  return {
    ...open,
    tasks: [...open.tasks.filter((one) => one !== id), id],
    logs: hasBegun(taskRun) ? [...open.logs.filter((one) => one !== log), log] : open.logs,
  }
}

function closed(open: Open, { id, attempts }: TaskRunGroup): Open {
  const logs = attempts.map(spotId)
  return {
    ...open,
    tasks: open.tasks.filter((one) => one !== id),
    logs: open.logs.filter((one) => !logs.includes(one)),
  }
}
