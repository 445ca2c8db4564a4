import { expect, test } from 'vitest'
import { anImpactedPipeline, anIncident, aSignal } from '../../../test/builders'
import type { IncidentDetail } from './incidentQueries'
import { type Spread, spreadOf } from './spread'

const dagster = { id: 'orchestrator-2', name: 'dagster', kind: 'dagster' }
const marts = anImpactedPipeline({ id: 'marts', key: 'marts', name: 'marts', orchestrator: dagster })
const report = anImpactedPipeline({ id: 'report', key: 'report', name: 'report', orchestrator: dagster })
const promise = {
  id: 'sla-1',
  name: 'report-by-nine',
  owner: 'sales',
  targetName: 'dagster/report',
  pipeline: { id: 'report' },
  dataset: null,
  current: null,
}

function impactOf(given: Partial<IncidentDetail['impact']>): IncidentDetail['impact'] {
  return { pipelines: [], datasets: [], slas: [], owners: [], orchestrators: [], ...given }
}

function names({ steps }: Spread): string[][] {
  return steps.map((nodes) => nodes.map(({ name }) => name))
}

test('what is hurt stands below what hurts it, a promise below what it is about', () => {
  const missed = aSignal({
    id: 'signal-2',
    kind: 'SLA_MISSED',
    sla: { id: 'sla-1', name: 'report-by-nine', targetName: 'dagster/report' },
    pipeline: { id: 'report', key: 'report', name: 'report', url: null },
  })
  const orders = { id: 'orders', namespace: 'postgres', name: 'orders', owners: [] }
  const incident = anIncident({
    signals: [aSignal(), missed],
    impact: impactOf({
      pipelines: [anImpactedPipeline(), report, marts],
      datasets: [orders],
      slas: [promise],
    }),
  })
  const spread = spreadOf(incident, [
    { source: 'pipeline-1', target: 'orders' },
    { source: 'orders', target: 'marts' },
    { source: 'marts', target: 'report' },
    { source: 'report', target: 'not in the impact' },
  ])
  expect(names(spread)).toEqual([['ingest_sales'], ['orders'], ['marts'], ['report'], ['report-by-nine']])
  const [cause, , third, fourth, last] = spread.steps.map(([first]) => first)
  expect(cause).toMatchObject({ isCause: true, signal: { id: 'signal-1' } })
  expect(third).toMatchObject({ isCause: false, signal: null, after: ['orders'] })
  // What is said of the promise is not said of its pipeline, which nothing is wrong with.
  expect(fourth?.signal).toBeNull()
  expect(last?.signal?.kind).toBe('SLA_MISSED')
  expect(spread.edges).toEqual([
    { source: 'pipeline-1', target: 'orders', isAssumed: false },
    { source: 'orders', target: 'marts', isAssumed: false },
    { source: 'marts', target: 'report', isAssumed: false },
    { source: 'report', target: 'sla-1', isAssumed: false },
  ])
})

test('without edges everything comes after the cause, what is wrong first', () => {
  const failed = aSignal({
    id: 'signal-2',
    pipeline: { id: 'report', key: 'report', name: 'report', url: null },
  })
  const incident = anIncident({
    signals: [aSignal(), failed],
    impact: impactOf({ pipelines: [anImpactedPipeline(), marts, report] }),
  })
  const spread = spreadOf(incident, [])
  expect(names(spread)).toEqual([['ingest_sales'], ['report', 'marts']])
  expect(spread.edges).toEqual(
    ['marts', 'report'].map((target) => ({ source: 'pipeline-1', target, isAssumed: true })),
  )
})

test('an orchestrator that is away comes before all that hangs on it', () => {
  const away = aSignal({ kind: 'ORCHESTRATOR_UNREACHABLE', pipeline: null, run: null })
  const incident = anIncident({
    cause: away,
    rootCause: null,
    signals: [away],
    impact: impactOf({ pipelines: [marts] }),
  })
  const spread = spreadOf(incident, [])
  expect(names(spread)).toEqual([['airflow-prod'], ['marts']])
  expect(spread.steps[0]?.[0]).toMatchObject({ what: 'orchestrator', isCause: true })
})

test('what leads back to the cause does not push it down', () => {
  const incident = anIncident({ impact: impactOf({ pipelines: [marts, anImpactedPipeline()] }) })
  const spread = spreadOf(incident, [
    { source: 'pipeline-1', target: 'marts' },
    { source: 'marts', target: 'pipeline-1' },
  ])
  expect(names(spread)).toEqual([['ingest_sales'], ['marts']])
})
