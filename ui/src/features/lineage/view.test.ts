import Elk from 'elkjs/lib/elk.bundled.js'
import { expect, test } from 'vitest'
import { toJson, toSvg } from './exports'
import { type GraphNode, merge, shownOf } from './graph'
import { type Box, layOut, nodeSize, roundedPath } from './layout'
import { allAfter, parseLineageSearch } from './lineageSearch'
import { beside, centre, fit, follow, nearest, reveal, zoom } from './viewport'
import { trailOf } from './columnTrail'

const dataset = (id: string) => ({
  __typename: 'Dataset' as const,
  id,
  name: id,
  namespace: 'db',
  isDropped: false,
})
const graph = merge([
  {
    truncated: false,
    nodes: ['A', 'B', 'C', 'D'].map(dataset),
    edges: [['A', 'B'], ['A', 'C'], ['B', 'D'], ['C', 'D']].map(([source = '', target = '']) => ({ source, target, kind: 'DATA' })), // prettier-ignore
  },
])
const shown = shownOf(graph, { starts: ['A'], sides: ['down'], depth: null, opened: [] })

test.each(['RIGHT', 'DOWN'] as const)('data flows through layers, %s', async (flow) => {
  const layout = await layOut(new Elk(), shown.nodes, shown.edges, flow)
  const [main, cross] = flow === 'RIGHT' ? (['x', 'y'] as const) : (['y', 'x'] as const)
  const at = (id: string): Box => layout.boxes.get(id) ?? { x: NaN, y: NaN, ...nodeSize }
  expect(at('A')[main]).toBeLessThan(at('B')[main])
  expect(at('B')[main]).toBe(at('C')[main])
  expect(at('C')[main]).toBeLessThan(at('D')[main])
  expect(at('B')[cross]).not.toBe(at('C')[cross])
  expect(
    [...layout.paths.values()].every(({ line, arrow }) => line.startsWith('M') && arrow.endsWith('Z')),
  ).toBe(true)
  // From key to key: along an edge, and to what stands beside.
  expect(nearest('A', shown.near.down.get('A') ?? [], layout)).toMatch(/B|C/)
  expect([...beside('B', layout, cross, 1), ...beside('B', layout, cross, -1)]).toEqual(['C'])
  expect(nearest('D', [], layout)).toBeNull()
})

test('corners are round, but never larger than the lines that meet', () => {
  expect(roundedPath([])).toBe('')
  const points = [{ x: 0, y: 0 }, { x: 40, y: 0 }, { x: 40, y: 8 }] // prettier-ignore
  expect(roundedPath(points)).toBe('M0 0L36 0Q40 0 40 4L40 8')
})

test('what is in sight', () => {
  const pane = { width: 400, height: 300 }
  expect(fit({ width: 100, height: 50 }, pane)).toEqual({ scale: 1, x: 150, y: 125 })
  expect(fit({ width: 672, height: 50 }, pane).scale).toBe(0.5)
  const at = { x: 100, y: 100 }
  const larger = zoom({ scale: 1, x: 0, y: 0 }, 2, at)
  expect(larger).toEqual({ scale: 2, x: -100, y: -100 })
  expect(zoom(larger, 1000, at).scale).toBe(2.5)
  const box = { x: 500, y: 0, width: 100, height: 50 }
  expect(reveal({ scale: 1, x: 0, y: 0 }, box, pane)).toEqual({ scale: 1, x: -216, y: 16 })
  expect(reveal({ scale: 1, x: -300, y: 100 }, box, pane)).toEqual({ scale: 1, x: -300, y: 100 })
  expect(follow({ scale: 2, x: 0, y: 0 }, box, { ...box, x: 600 })).toEqual({ scale: 2, x: -200, y: 0 })
  expect(centre({ scale: 2, x: 0, y: 0 }, { x: 50, y: 50 }, pane)).toEqual({ scale: 2, x: 100, y: 50 })
})

test('an address keeps what makes sense', () => {
  const typed = {
    node: ' n1 ',
    direction: 'UPSTREAM',
    depth: '2',
    by: 'job',
    open: 'a,b,,a',
    asOf: '2026-05-01T07:00Z',
  }
  expect(parseLineageSearch({ ...typed, colour: 'pink', view: 7, column: '' })).toEqual({
    ...{
      node: 'n1',
      direction: 'upstream',
      depth: '2',
      by: 'job',
      open: ['a', 'b'],
      asOf: '2026-05-01T07:00:00.000Z',
    },
  })
  expect(parseLineageSearch({ direction: 'sideways', depth: '99', asOf: 'lately', open: '' })).toEqual({})
})

test('all that comes after a node leaves what was about the old graph behind', () => {
  const old = { node: 'a', open: ['c'], column: 'x', colour: 'health', direction: 'upstream' } as const
  expect(allAfter('b', { ...old, open: ['c'] })).toEqual({
    ...{ node: 'b', selected: 'b', colour: 'health', direction: 'downstream', depth: 'all' },
  })
})

test('the graph as data, and as a drawing that stands on its own', () => {
  const data = JSON.parse(toJson(shown, 'https://podium/lineage?node=A')) as {
    nodes: GraphNode[]
    edges: unknown[]
  }
  expect(data).toMatchObject({
    source: 'https://podium/lineage?node=A',
    nodes: { length: 4 },
    edges: { length: 4 },
  })
  expect(data.nodes.find(({ id }) => id === 'D')).toMatchObject({ name: 'D', where: 'db', steps: 2 })

  document.body.innerHTML =
    '<svg><g transform="scale(2)"><rect class="card" style="fill: rgb(1, 2, 3)"/><text tabindex="0">a &amp; b</text></g></svg>'
  const drawing = document.querySelector('g')
  const svg = drawing && toSvg(drawing, { width: 100, height: 50 }, 'white')
  expect(svg).toContain('viewBox="-24 -24 148 98"')
  expect(svg).toContain('fill="rgb(1, 2, 3)"')
  expect(svg).toContain('a &amp; b')
  expect(svg).not.toMatch(/class=|tabindex=|scale\(2\)/)
})

test('a column tells what it is made from and how, nearest first', () => {
  const column = (id: string, of: string) => ({ id, field: id, dataset: { id: of, name: of } })
  const made = { description: null, type: 'DIRECT', subtype: 'AGGREGATION', masking: true }
  const columns = {
    truncated: false,
    nodes: [column('raw', 'A'), column('amount', 'B'), column('total', 'C'), column('share', 'D')],
    edges: [
      { source: 'raw', target: 'amount', transformations: [] },
      { source: 'amount', target: 'total', transformations: [made] },
      { source: 'total', target: 'share', transformations: [] },
    ],
  }
  const { made: from, goes } = trailOf(columns, 'C', 'total')
  expect(from.map(({ id, how, away }) => [id, how, away])).toEqual([['amount', 'aggregation, masked', 1], ['raw', '', 2]]) // prettier-ignore
  expect(goes.map(({ dataset: of }) => of)).toEqual(['D'])
  expect(trailOf(columns, 'C', 'unknown')).toEqual({ made: [], goes: [] })
})
