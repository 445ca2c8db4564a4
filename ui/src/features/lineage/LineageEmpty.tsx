import { EmptyState, ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { Waypoints } from 'lucide-react'
import styles from './LineageEmpty.module.css'
import { beginningsQuery } from './lineageQueries'
import { FoundMark, whereIs } from './LineageSearch'

/** Before anything is searched for: what one could begin with, or how there comes to be anything. */
export function WhereToBegin({ onBegin }: { onBegin: (id: string) => void }) {
  const { data, error, refetch } = useQuery(beginningsQuery)
  if (!data) {
    if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
    return <Skeleton lines={6} height={3} label="pipelines to begin with" />
  }
  if (data.length === 0) return <HowToSend title="No lineage yet" />
  return (
    <>
      <Panel title="Begin with a pipeline" aside="or search for a dataset, pipeline or job">
        <ul className={styles.beginnings}>
          {data.map((pipeline) => (
            <li key={pipeline.id}>
              <button type="button" className={styles.beginning} onClick={() => onBegin(pipeline.id)}>
                <FoundMark node={pipeline} />
                <span className={styles.name}>{pipeline.name}</span>
                <span className={styles.where}>{whereIs(pipeline)}</span>
              </button>
            </li>
          ))}
        </ul>
      </Panel>
      <details className={styles.more}>
        <summary>Something is missing? How to send lineage to Podium</summary>
        <HowToSend title="Point an emitter at Podium" />
      </details>
    </>
  )
}

/** Teaches how to send OpenLineage events here. */
export function HowToSend({ title }: { title: string }) {
  const url = new URL('.', document.baseURI).href.replace(/\/$/, '')
  return (
    <EmptyState icon={Waypoints} title={title}>
      <p>
        Podium draws what OpenLineage events tell. Point an emitter at it; after the next run its datasets and
        jobs appear here. The API key is a token with the role <code>operator</code>.
      </p>
      <pre
        className={styles.example}
        tabIndex={0}
        role="region"
        aria-label="Settings of emitters"
      >{`# dbt (dbt-ol) and Python
OPENLINEAGE_URL=${url}
OPENLINEAGE_API_KEY=...

# Airflow
AIRFLOW__OPENLINEAGE__TRANSPORT='{"type": "http", "url": "${url}",
  "endpoint": "api/v1/lineage", "auth": {"type": "api_key", "api_key": "..."}}'

# Spark
spark.openlineage.transport.type=http
spark.openlineage.transport.url=${url}`}</pre>
      <p>
        To join its jobs to an orchestrator&rsquo;s pipelines, name its job namespaces in podium.yaml:{' '}
        <code>lineage_namespaces: [prod-airflow]</code>. docs/lineage.md says more.
      </p>
    </EmptyState>
  )
}
