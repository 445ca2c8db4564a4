import { taskRunStates } from '@/features/runs/runState'
import type { DrawnNode } from '@/graph/drawn'
import { type Cell, type GridRun, gridRows } from './gridRows'
import type { PipelineDetail } from './pipelineQueries'

type Tasks = Pick<PipelineDetail, 'tasks' | 'taskEdges'>

/** How each task is in the latest run; nothing of those that it says nothing about. */
export function taskCells({ tasks, taskEdges }: Tasks, latest: GridRun | undefined): Map<string, Cell> {
  const rows = gridRows(latest ? [latest] : [], tasks, taskEdges)
  return new Map(rows.flatMap(({ key, cells: [cell] }) => (cell ? [[key, cell] as const] : [])))
}

/** Tasks as nodes, each as it is in the latest run. */
export function taskNodes({ tasks, taskEdges }: Tasks, latest: GridRun | undefined): DrawnNode[] {
  const names = new Map(tasks.map(({ key, name }) => [key, name]))
  const cells = taskCells({ tasks, taskEdges }, latest)
  return tasks.map((task) => {
    const cell = cells.get(task.key) ?? null
    const waitsFor = taskEdges
      .filter(({ downstream }) => downstream === task.key)
      .map(({ upstream }) => names.get(upstream) ?? upstream)
    return {
      id: task.key,
      name: nameIn(task),
      under: [task.type, ...manyWords(cell)].filter(Boolean).join(' · '),
      label: labelOf(task, latest && stateWord(cell), waitsFor, cell),
      group: task.group,
      state: cell && lookOf(cell),
      isMarked: cell?.state === 'FAILED',
      link: latest && cell ? linkTo(latest, task.key) : null,
    }
  })
}

type Task = PipelineDetail['tasks'][number]

/** Its group stands on the frame around it. */
function nameIn({ name, group }: Task): string {
  return group !== null && name.startsWith(`${group}.`) ? name.slice(group.length + 1) : name
}

function linkTo({ id }: GridRun, task: string): DrawnNode['link'] {
  const search: object = { task }
  return { to: '/runs/$runId', params: { runId: id }, search }
}

function lookOf({ state }: Cell): DrawnNode['state'] {
  const { tone, icon } = taskRunStates[state]
  return { tone, icon, isTurning: state === 'RUNNING' }
}

function stateWord(cell: Cell | null): string {
  if (cell === null) return 'Not reached'
  const { word } = taskRunStates[cell.state]
  return cell.instances > 1 ? `${word} (${cell.inState} of ${cell.instances})` : word
}

function manyWords(cell: Cell | null): string[] {
  if (cell === null) return []
  const { instances, attempt } = cell
  return [
    ...(instances > 1 ? [`${instances} instances`] : []),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
  ]
}

function labelOf(
  { name, type, group }: Task,
  state: string | undefined,
  waitsFor: string[],
  cell: Cell | null,
): string {
  return [
    name,
    state,
    waitsFor.length > 0 && `after ${waitsFor.join(' and ')}`,
    ...manyWords(cell),
    type,
    group !== null && `in ${group}`,
  ]
    .filter(Boolean)
    .join(', ')
}
