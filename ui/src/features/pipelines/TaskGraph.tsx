import { ExternalLink } from '@/components/ExternalLink'
import type { PipelineDetail } from './pipelineQueries'
import styles from './TaskGraph.module.css'
import { layerTasks } from './taskLayers'

interface TaskGraphProps {
  tasks: PipelineDetail['tasks']
  edges: PipelineDetail['taskEdges']
}

/** Tasks step by step: what stands in one step waits only for steps above it. */
export function TaskGraph({ tasks, edges }: TaskGraphProps) {
  if (tasks.length === 0) {
    return (
      <p className={styles.none}>
        Its orchestrator tells the tasks once they are known, often with the first run.
      </p>
    )
  }
  const names = new Map(tasks.map(({ key, name }) => [key, name]))
  return (
    <ol className={styles.layers}>
      {layerTasks(tasks, edges).map((layer, depth) => (
        <li key={depth} className={styles.layer}>
          <ul>
            {layer.map((task) => (
              <li key={task.key} className={styles.task}>
                <span className={styles.name}>{task.name}</span>
                {task.type && <span className={styles.type}>{task.type}</span>}
                {task.url && <ExternalLink href={task.url} label={`Open task ${task.name}`} isCompact />}
                <After
                  names={edges
                    .filter(({ downstream }) => downstream === task.key)
                    .map(({ upstream }) => names.get(upstream) ?? upstream)}
                />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}

function After({ names }: { names: string[] }) {
  return names.length === 0 ? null : <span className={styles.after}>after {names.join(', ')}</span>
}
