import { useQuery } from '@tanstack/react-query'
import { IncidentLine } from './IncidentLine'
import { incidentsByRunQuery } from './incidentsByPipeline'

/** Below the heading of a run: leads to what is open about it. */
export function OpenIncidentLines({ runId }: { runId: string }) {
  const { data } = useQuery(incidentsByRunQuery)
  return data?.get(runId)?.map(({ id, ...incident }) => <IncidentLine key={id} number={id} {...incident} />)
}
