import { expect, test } from 'vitest'
import { aCondition, aDependency } from '../../../test/builders'
import { mapOf, sizesFor } from './dependencyMap'

const marts = aDependency()
const report = aDependency([aCondition('dagster-analytics/marts')], {
  name: 'report-after-marts',
  targetName: 'dagster-analytics/report',
})

test('what waits stands right of what it waits for, and nothing stands on anything else', () => {
  const { nodes, edges, columns, rows } = mapOf([report, marts])
  const columnOf = Object.fromEntries(nodes.map(({ name, column }) => [name, column]))
  expect(columnOf).toEqual({
    ingest_sales: 0,
    'crm-sync/hourly': 0,
    'marts-after-ingest': 1,
    marts: 2,
    'report-after-marts': 3,
    report: 4,
  })
  expect([columns, rows]).toEqual([5, 2])
  expect(edges.map(({ from, to }) => `${from.name} > ${to.name}`)).toContain('marts > report-after-marts')
  expect(new Set(nodes.map(({ column, row }) => `${column} ${row}`)).size).toBe(nodes.length)
})

test('a cycle that is allowed is drawn, and nothing is nothing', () => {
  const back = aDependency([aCondition('dagster-analytics/marts')], {
    name: 'back',
    targetName: 'airflow-prod/ingest_sales',
  })
  expect(mapOf([marts, back]).nodes).toHaveLength(5)
  expect(mapOf([])).toEqual({ nodes: [], edges: [], columns: 0, rows: 0 })
})

test('a way that passes a column by runs behind nothing there', () => {
  const late = aDependency([aCondition('dagster-analytics/marts'), aCondition('airflow-prod/ingest_sales')], {
    name: 'late',
    targetName: 'prefect-crm/late',
  })
  const { nodes, edges } = mapOf([marts, late])
  const way = edges.filter(({ dependency }) => dependency === late)
  const bends = way.map(({ to }) => to).filter(({ what }) => what === 'bend')
  expect(bends.map(({ column }) => column)).toEqual([1, 2])
  for (const bend of bends) {
    expect(nodes.some(({ column, row }) => column === bend.column && Math.abs(row - bend.row) < 1)).toBe(
      false,
    )
  }
})

test('what is needed late stands near to what needs it', () => {
  const window = aCondition('0 22 * * * for 3h', { states: null, cron: '0 22 * * *', lasts: 'PT3H' })
  const { nodes } = mapOf([marts, { ...report, upstream: [...report.upstream, window] }])
  expect(nodes.find(({ what }) => what === 'window')?.column).toBe(2)
})

test('what is started is known by its page, also where nothing waits for it', () => {
  const { nodes } = mapOf([{ ...marts, knownTarget: { id: 'pipeline-9' } }])
  expect(nodes.find(({ name }) => name === 'marts')?.pipelineId).toBe('pipeline-9')
})

test.each([
  [3, 1344, 208, 52],
  [6, 1344, 180, 52],
  [7, 1344, 168, 28],
  [12, 1344, 168, 28],
])('%i columns on %i pixels are %i wide and %i apart', (columns, available, width, between) => {
  expect(sizesFor(columns, available)).toEqual({ width, between })
})
