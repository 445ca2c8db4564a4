import { execute } from '@/api/client'
import { IncidentsByPipelineDocument } from '@/api/generated'
import { queryOptions } from '@tanstack/react-query'
import { incidentNumber } from './incidentId'
import { incidentKeys } from './incidentQueries'

/** Of the open incidents, the latest that are looked at. */
const most = 100

/** The latest open incident about each pipeline, by the pipeline's id. */
export const incidentsByPipelineQuery = queryOptions({
  queryKey: [...incidentKeys.all, 'by pipeline'],
  queryFn: async ({ signal }) => {
    const { incidents } = await execute(IncidentsByPipelineDocument, { first: most }, signal)
    const found = new Map<string, { id: string; title: string }>()
    for (const { node } of incidents.edges) {
      for (const { pipeline, endedAt } of node.signals) {
        if (!pipeline || endedAt !== null || found.has(pipeline.id)) continue
        found.set(pipeline.id, { id: incidentNumber(node.id), title: node.title })
      }
    }
    return found
  },
})
