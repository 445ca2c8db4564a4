import type { DrawnNodeFragment, LineagePartQuery } from '@/api/generated'
import { expect, test } from 'vitest'
import { edgeRole, merge, rolesOf, shownOf } from './graph'
import { healthOf, huesOf, letters, nodeLabel, shorten, signsOf } from './looks'

type Part = LineagePartQuery['lineage']

/** Capital letters are datasets, others pipelines: "A a B" is A, which a reads to write B. */
function part(...chains: string[]): Part {
  const names = new Set(chains.flatMap((chain) => chain.split(' ')))
  const edges = chains.flatMap((chain) => {
    const steps = chain.split(' ')
    return steps
      .slice(1)
      .map((target, place) => ({ source: steps[place] ?? '', target, kind: 'DATA' as const }))
  })
  return { truncated: false, nodes: [...names].map(node), edges }
}

function node(id: string): DrawnNodeFragment {
  if (id === id.toUpperCase()) {
    return { __typename: 'Dataset', id, name: `table ${id}`, namespace: 'postgres://db', isDropped: false }
  }
  const orchestrator = {
    id: 'o',
    name: id < 'm' ? 'airflow-prod' : 'dagster',
    kind: id < 'm' ? 'airflow' : 'dagster',
  }
  const latestRun = { id: `run of ${id}`, state: id === 'b' ? ('FAILED' as const) : ('SUCCESS' as const) }
  return { __typename: 'Pipeline', id, key: id, name: id, orchestrator, latestRun }
}

const chain = merge([part('A a B b C c D d E'), part('B n F')])
const around = { starts: ['C'], sides: ['up' as const, 'down' as const], depth: 2, opened: [] as string[] }
const names = (shown: { nodes: { id: string }[] }): string =>
  shown.nodes
    .map(({ id }) => id)
    .sort()
    .join('')

test('parts become one graph in which everything is there once', () => {
  const graph = merge([part('A a B'), part('a B b'), part('B b')])
  expect([...graph.nodes.keys()]).toEqual(['A', 'a', 'B', 'b'])
  expect(graph.edges.size).toBe(3)
  expect(graph.nodes.get('a')).toMatchObject({ where: 'airflow-prod', kind: 'airflow', pipelineId: 'a' })
})

test('what is beyond the depth is counted, and shown where a node is opened', () => {
  const shown = shownOf(chain, around)
  expect(names(shown)).toBe('BCDbc')
  expect(shown.steps.get('B')).toBe(-2)
  expect(shown.hidden.get('D')).toEqual({ up: 0, down: 1 })
  expect(shown.hidden.get('B')).toEqual({ up: 1, down: 1 })

  const opened = shownOf(chain, { ...around, opened: ['B', 'not there'] })
  expect(names(opened)).toBe('BCDabcn')
  expect(opened.steps.get('n')).toBe(-1)
  expect(opened.hidden.get('n')).toEqual({ up: 0, down: 1 })
  // Taking back the first of two openings hides what only it had brought.
  expect(names(shownOf(chain, { ...around, opened: ['n'] }))).toBe('BCDbc')
})

test('one direction leaves the other out, also where a node is opened', () => {
  const up = shownOf(chain, { ...around, sides: ['up'], depth: null, opened: ['B'] })
  expect(names(up)).toBe('ABCab')
  expect(up.hidden.get('B')).toEqual({ up: 0, down: 0 })
})

test('a cycle ends, and who started whom is no step', () => {
  const graph = merge([part('A a B b A')])
  expect(names(shownOf(graph, { ...around, starts: ['A'], depth: null }))).toBe('ABab')
  const started = merge([{ ...part('a b'), edges: [{ source: 'a', target: 'b', kind: 'PARENT' }] }])
  expect(names(shownOf(started, { ...around, starts: ['a'], depth: null }))).toBe('a')
})

test('from the selected node the impact goes down, and the way from the cause comes from above', () => {
  const shown = shownOf(chain, { ...around, depth: null, opened: ['B'] })
  const roles = rolesOf(shown, 'D', ['b'])
  expect(Object.fromEntries(roles)).toEqual({
    ...{
      A: 'up',
      a: 'up',
      B: 'up',
      b: 'cause',
      C: 'cause',
      c: 'cause',
      D: 'selected',
      d: 'down',
      E: 'down',
      n: 'aside',
    },
  })
  const role = (id: string) =>
    shown.edges.filter((edge) => edge.id === `${id}:DATA`).map((edge) => edgeRole(edge, roles))
  expect([role('a>B'), role('B>b'), role('b>C'), role('c>D')].flat()).toEqual(['up', 'up', 'cause', 'cause'])
  expect([role('D>d'), role('B>n')].flat()).toEqual(['down', 'aside'])
  expect(rolesOf(shown, null, []).size).toBe(0)
  expect(rolesOf(shown, 'gone', []).size).toBe(0)
})

test('a node says how it is: an incident first, a dataset by what writes it', () => {
  const shown = shownOf(chain, { ...around, depth: null })
  const health = (id: string, troubles = new Map()) => {
    const found = chain.nodes.get(id)
    return found && healthOf(found, shown, troubles as never)?.word
  }
  expect([health('a'), health('b'), health('C'), health('D'), health('A')]).toEqual([
    ...['Success', 'Failed', 'Its writer failed', 'Up to date', undefined],
  ])
  expect(health('a', new Map([['a', { severity: 'CRITICAL' }]]))).toBe('Critical incident')
  const b = chain.nodes.get('B')
  expect(b && nodeLabel(b, shownOf(chain, around), null)).toBe(
    'table B, dataset, postgres://db, 0 before, 1 after, 2 not shown',
  )
})

test('each orchestrator has a hue, and long names keep their end', () => {
  expect([...huesOf([...chain.nodes.values()])]).toEqual([['airflow-prod', 0], ['dagster', 1]]) // prettier-ignore
  expect([...chain.nodes.values()].filter(({ id }) => id === 'n').map(letters)).toEqual(['Da'])
  expect(shorten('short', 10)).toBe('short')
  expect(shorten('warehouse.public.orders', 12)).toBe('ware….orders')
})

test('only signs that are in sight are explained, an incident by its worst', () => {
  expect(signsOf([null, { tone: 'good', word: 'Up to date' }])).toEqual([])
  const failed = { tone: 'bad' as const, word: 'Failed' }
  const incidents = [
    { tone: 'caution' as const, word: 'Warning incident' },
    { tone: 'worst' as const, word: 'Critical incident' },
    { tone: 'bad' as const, word: 'Error incident' },
  ]
  expect(signsOf([failed, ...incidents])).toEqual([
    { word: 'Failed, or its writer did', health: failed },
    { word: 'Open incident', health: incidents[1] },
  ])
})
