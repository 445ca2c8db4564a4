import type { FindNamesQuery, FindRunsQuery } from '@/api/generated'
import { incidentNumber } from '@/features/incidents/incidentId'
import { incidentStates, severities } from '@/features/incidents/incidentWords'
import { orchestratorStatuses } from '@/features/orchestrators/orchestratorStatus'
import { fullName } from '@/features/pipelines/nameContext'
import { runStates } from '@/features/runs/runState'
import { slaStates } from '@/features/slas/slaStates'

/** In the order in which they are shown. */
export const groups = [
  'Recent',
  'Here',
  'Views',
  'Pages',
  'Pipelines',
  'Incidents',
  'SLAs',
  'Dependencies',
  'Data',
  'Orchestrators',
  'Runs',
  'Tasks',
  'Actions',
] as const
export type Group = (typeof groups)[number]

export function isGroup(value: unknown): value is Group {
  return groups.some((one) => one === value)
}

/** Where something leads; the router takes it as it is. */
export interface Place {
  to: string
  params?: Record<string, string>
  search?: Record<string, string>
}

export interface Item {
  id: string
  group: Group
  /** Of what group it is, where it is shown in another one */
  of?: Group
  title: string
  /** What else is to be said of it, on the same line */
  hint?: string | undefined
  /** The kind of its orchestrator, where it has one */
  kind?: string | undefined
  /** Further words by which it is found, never shown */
  words?: string
  place?: Place
  run?: () => void
  /** Why it cannot be done; it is shown, because what is missing explains nothing */
  unavailable?: string | undefined
  /** A key that does the same */
  keys?: string
}

type Names = FindNamesQuery['find']
type Runs = FindRunsQuery['find']['runs']
type NamedPipeline = Names['tasks'][number]['pipeline']

/** What the gateway has found of everything that has a name. */
export function itemsOfNames(found: Names): Item[] {
  return [
    ...found.pipelines.map(({ isPaused, ...pipeline }) => ({
      ...ofPipeline(pipeline),
      hint: pipeline.orchestrator.name + (isPaused ? ' · paused' : ''),
    })),
    ...found.incidents.map(({ id, title, state, severity }) => ({
      id,
      group: 'Incidents' as const,
      title,
      hint: `${severities[severity].word} · ${incidentStates[state].word}`,
      place: { to: '/incidents/$incidentId', params: { incidentId: incidentNumber(id) } },
    })),
    ...found.slas.map(({ id, name, owner, targetName, current }) => ({
      id,
      group: 'SLAs' as const,
      title: name,
      hint: joined(current && slaStates[current.state].word, targetName, owner),
      place: { to: '/slas/$slaName', params: { slaName: name } },
    })),
    ...found.dependencies.map(({ id, name, targetName }) => ({
      id,
      group: 'Dependencies' as const,
      title: name,
      hint: `starts ${targetName}`,
      place: { to: '/dependencies/$name', params: { name } },
    })),
    ...data(found),
    ...found.orchestrators.map(({ id, name, kind, status }) => ({
      id,
      group: 'Orchestrators' as const,
      title: name,
      hint: orchestratorStatuses[status].word,
      kind,
      place: { to: '/', search: { orchestrator: name } },
    })),
    ...found.tasks.map(({ task, pipeline }) => ({
      ...ofPipeline(pipeline),
      id: `${pipeline.id} ${task.key}`,
      group: 'Tasks' as const,
      title: task.name,
      hint: `${pipeline.orchestrator.name}/${fullName(pipeline)}`,
    })),
  ]
}

function ofPipeline(pipeline: NamedPipeline): Item {
  return {
    id: pipeline.id,
    group: 'Pipelines',
    title: fullName(pipeline),
    kind: pipeline.orchestrator.kind,
    words: pipeline.key,
    place: { to: '/pipelines/$pipelineId', params: { pipelineId: pipeline.id } },
  }
}

/** Datasets, and jobs that are no pipeline's. */
function data({ datasets, jobs }: Pick<Names, 'datasets' | 'jobs'>): Item[] {
  return [...datasets, ...jobs.filter(({ pipeline }) => pipeline === null)].map(
    ({ id, namespace, name }) => ({
      id,
      group: 'Data',
      title: name,
      hint: namespace,
      place: { to: '/lineage', search: { node: id, selected: id } },
    }),
  )
}

export function itemsOfRuns(runs: Runs): Item[] {
  return runs.map(({ id, externalId, state, pipeline }) => ({
    id,
    group: 'Runs',
    title: externalId,
    hint: `${runStates[state].word} · ${pipeline.orchestrator.name}/${fullName(pipeline)}`,
    kind: pipeline.orchestrator.kind,
    place: { to: '/runs/$runId', params: { runId: id } },
  }))
}

function joined(...parts: (string | null | undefined)[]): string {
  return parts.filter(Boolean).join(' · ')
}
