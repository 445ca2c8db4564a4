import { execute } from '@/api/client'
import { IncidentsByPipelineDocument, type IncidentsByPipelineQuery, type Severity } from '@/api/generated'
import { queryOptions } from '@tanstack/react-query'
import { incidentNumber } from './incidentId'
import { incidentKeys } from './incidentQueries'

/** Of the open incidents, the latest that are looked at. */
const most = 100

interface Named {
  /** Its number */
  id: string
  title: string
  severity: Severity
}

const openQuery = queryOptions({
  queryKey: [...incidentKeys.all, 'by pipeline'],
  queryFn: async ({ signal }) =>
    (await execute(IncidentsByPipelineDocument, { first: most }, signal)).incidents.edges.map(
      ({ node }) => node,
    ),
})

type Open = IncidentsByPipelineQuery['incidents']['edges'][number]['node']

function nameOf({ id, title, severity }: Open): Named {
  return { id: incidentNumber(id), title, severity }
}

function byPipeline(open: Open[]): Map<string, Named> {
  const found = new Map<string, Named>()
  for (const incident of open) {
    for (const { pipeline, endedAt } of incident.signals) {
      if (!pipeline || endedAt !== null || found.has(pipeline.id)) continue
      found.set(pipeline.id, nameOf(incident))
    }
  }
  return found
}

function byRun(open: Open[]): Map<string, Named[]> {
  const found = new Map<string, Named[]>()
  for (const incident of open) {
    const runs = incident.signals.flatMap(({ run, endedAt }) => (run && endedAt === null ? [run.id] : []))
    for (const run of new Set(runs)) found.set(run, [...(found.get(run) ?? []), nameOf(incident)])
  }
  return found
}

/** The latest open incident about each pipeline, by the pipeline's id. */
export const incidentsByPipelineQuery = queryOptions({ ...openQuery, select: byPipeline })

/** The open incidents about each run, by the run's id. */
export const incidentsByRunQuery = queryOptions({ ...openQuery, select: byRun })
