import type { RunDetail } from './runQueries'

export type TaskRun = RunDetail['taskRuns'][number]

/** One task (one of its mapped instances) with all its attempts, the latest first. */
export interface TaskRunGroup {
  id: string
  task: string
  mapIndex: number | null
  latest: TaskRun
  attempts: TaskRun[]
}

/** Attempts gathered by task and map index, in the order in which the tasks first appear. */
export function groupTaskRuns(taskRuns: TaskRun[]): TaskRunGroup[] {
  const groups = new Map<string, TaskRun[]>()
  for (const taskRun of taskRuns) {
    const id = `${taskRun.task}[${taskRun.mapIndex ?? ''}]`
    groups.set(id, [...(groups.get(id) ?? []), taskRun])
  }
  return [...groups].flatMap(([id, found]) => {
    const attempts = found.toSorted((a, b) => b.attempt - a.attempt)
    const [latest] = attempts
    return latest ? [{ id, task: latest.task, mapIndex: latest.mapIndex, latest, attempts }] : []
  })
}
