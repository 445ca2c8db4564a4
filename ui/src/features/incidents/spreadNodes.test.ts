import { expect, test } from 'vitest'
import { anImpactedPipeline, anIncident, aSignal } from '../../../test/builders'
import { spreadOf } from './spread'
import { spreadNodes } from './spreadNodes'

test('each node says what it is, what is wrong with it and what it comes after, and leads to its page', () => {
  const incident = anIncident({
    signals: [aSignal()],
    impact: {
      pipelines: [anImpactedPipeline()],
      datasets: [{ id: 'orders', namespace: 'postgres', name: 'orders', owners: [] }],
      slas: [
        {
          id: 'sla-1',
          name: 'orders-by-nine',
          owner: null,
          targetName: 'postgres/orders',
          pipeline: null,
          dataset: { id: 'orders' },
          current: { state: 'AT_RISK', dueAt: '2026-05-01T09:00:00Z' },
        },
      ],
      owners: [],
      orchestrators: [],
    },
  })
  const nodes = spreadNodes(spreadOf(incident, [{ source: 'pipeline-1', target: 'orders' }]))
  expect(nodes.map(({ label }) => label)).toEqual([
    'ingest_sales, root cause, pipeline in airflow-prod, Run failed',
    'orders, dataset in postgres, after ingest_sales',
    'orders-by-nine, SLA on postgres/orders, At risk, after orders',
  ])
  expect(nodes.map(({ tag, isMarked }) => [tag, isMarked])).toEqual([
    ['Root cause', true],
    [undefined, false],
    [undefined, false],
  ])
  expect(nodes.map(({ link }) => link)).toMatchObject([
    { to: '/pipelines/$pipelineId', params: { pipelineId: 'pipeline-1' } },
    { to: '/lineage', search: { node: 'orders', selected: 'orders' } },
    { to: '/slas/$slaName', params: { slaName: 'orders-by-nine' } },
  ])
})
