import { Badge } from '@/components/Badge'
import { incidentsByPipelineQuery } from '@/features/incidents/incidentsByPipeline'
import { useLocalTimes } from '@/features/incidents/useLocalTimes'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight, Siren } from 'lucide-react'
import styles from './OpenIncident.module.css'

/** The latest incident about a pipeline that is not over. */
function useIncident(pipelineId: string) {
  return useQuery(incidentsByPipelineQuery).data?.get(pipelineId)
}

export function IncidentBadge({ pipelineId }: { pipelineId: string }) {
  const incident = useIncident(pipelineId)
  const local = useLocalTimes()
  return incident && <Badge tone="bad" icon={Siren} word="Open incident" title={local(incident.title)} />
}

/** What is wrong now, with the way to all that is known of it. */
export function OpenIncident({ pipelineId }: { pipelineId: string }) {
  const incident = useIncident(pipelineId)
  const local = useLocalTimes()
  if (!incident) return null
  return (
    <section aria-label="Incident">
      <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }} className={styles.incident}>
        <Siren aria-hidden size={18} />
        <span className={styles.title}>{local(incident.title)}</span>
        <ChevronRight aria-hidden size={18} />
      </Link>
    </section>
  )
}
