import { nameContext } from './nameContext'
import styles from './PipelineName.module.css'

/** A pipeline's name, with what its key says before it in a quieter voice. */
export function PipelineName({ pipeline }: { pipeline: { key: string; name: string } }) {
  return (
    <>
      <span className={styles.context}>{nameContext(pipeline)}</span>
      {pipeline.name}
    </>
  )
}
