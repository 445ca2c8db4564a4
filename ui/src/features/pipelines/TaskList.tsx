import { Badge } from '@/components/Badge'
import { ExternalLink } from '@/components/ExternalLink'
import { taskRunStates } from '@/features/runs/runState'
import { Link } from '@tanstack/react-router'
import type { Cell, GridRun } from './gridRows'
import type { PipelineDetail } from './pipelineQueries'
import styles from './TaskList.module.css'
import { layerTasks } from './taskLayers'
import { taskCells } from './taskNodes'

type Task = PipelineDetail['tasks'][number]

interface TaskListProps {
  pipeline: Pick<PipelineDetail, 'tasks' | 'taskEdges'>
  latest: GridRun | undefined
}

/** Tasks step by step: what stands in one step waits only for steps above it. */
export function TaskList({ pipeline, latest }: TaskListProps) {
  const { tasks, taskEdges } = pipeline
  const names = new Map(tasks.map(({ key, name }) => [key, name]))
  const cells = taskCells(pipeline, latest)
  return (
    <ol className={styles.layers}>
      {layerTasks(tasks, taskEdges).map((layer, depth) => (
        <li key={depth} className={styles.layer}>
          <ul>
            {layer.map((task) => (
              <li key={task.key} className={styles.task}>
                <Name task={task} latest={cells.has(task.key) ? latest : undefined} />
                <State cell={cells.get(task.key)} />
                {task.url && <ExternalLink href={task.url} label={`Open task ${task.name}`} isCompact />}
                <span className={styles.more}>
                  {[task.type, ...afterWords(task.key, taskEdges, names)].filter(Boolean).join(' · ')}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}

/** Leads to the task in its latest run. */
function Name({ task: { key, name }, latest }: { task: Task; latest: GridRun | undefined }) {
  if (!latest) return <span className={styles.name}>{name}</span>
  return (
    <Link to="/runs/$runId" params={{ runId: latest.id }} search={{ task: key }} className={styles.name}>
      {name}
    </Link>
  )
}

function State({ cell }: { cell: Cell | undefined }) {
  return cell ? <Badge {...taskRunStates[cell.state]} isTurning={cell.state === 'RUNNING'} /> : <span />
}

function afterWords(key: string, edges: PipelineDetail['taskEdges'], names: Map<string, string>): string[] {
  const waitsFor = edges
    .filter(({ downstream }) => downstream === key)
    .map(({ upstream }) => names.get(upstream) ?? upstream)
  return waitsFor.length === 0 ? [] : [`after ${waitsFor.join(', ')}`]
}
