import { expect, test } from 'vitest'
import { linkPath, pictureOf } from './columnPicture'
import { merge, shownOf } from './graph'
import { nodeSize, rowHeight, sizeWith } from './layout'

/** A makes B makes C; X is made from A too. */
const node = (id: string) =>
  id === id.toUpperCase()
    ? { __typename: 'Dataset' as const, id, name: `table ${id}`, namespace: 'db', isDropped: false }
    : {
        ...{ __typename: 'LineageJob' as const, id, name: id, namespace: 'jobs', isDerived: false },
        ...{ latestState: null, pipeline: null },
      }
const edges = ['Aa', 'aB', 'Bb', 'bC', 'Ax', 'xX'].map(([source = '', target = '']) => {
  return { source, target, kind: 'DATA' as const }
})
const shown = shownOf(
  merge([{ truncated: false, nodes: ['A', 'a', 'B', 'b', 'C', 'x', 'X'].map(node), edges }]),
  { starts: ['B'], sides: ['up', 'down'], depth: null, opened: ['A'] },
)
const column = (id: string) => ({ id, field: id, dataset: { id: id.slice(0, 1), name: id.slice(0, 1) } })
const made = (source: string, target: string) => ({ source, target, transformations: [] })
const columns = {
  truncated: false,
  nodes: ['B1', 'A1', 'A2', 'C1', 'X1', 'Z1'].map(column),
  edges: [made('A1', 'B1'), made('A2', 'B1'), made('B1', 'C1'), made('A1', 'X1'), made('C1', 'Z1')],
}
const chosen = { field: 'B1', dataset: 'B' }

test('a column is followed both ways, but not to what else is made from the same', () => {
  const picture = pictureOf(columns, chosen, shown)
  expect([...(picture?.rows ?? [])].map(([id, rows]) => [id, rows.map(({ name }) => name).join()])).toEqual([
    ['B', 'B1'],
    ['A', 'A1,A2'],
    ['C', 'C1'],
  ])
  expect(picture?.rows.get('B')?.[0]?.isChosen).toBe(true)
  expect(picture?.links.map(({ words }) => words)).toEqual(['A1 of A to B1 of B', 'A2 of A to B1 of B', 'B1 of B to C1 of C']) // prettier-ignore
  expect([...(picture?.nodes ?? [])].sort().join('')).toBe('ABCab')
})

test('where there is nothing to follow there is no picture of it', () => {
  expect(pictureOf(columns, { field: 'unknown', dataset: 'B' }, shown)).toBeNull()
  expect(pictureOf({ ...columns, edges: [] }, chosen, shown)).toBeNull()
})

test('of very many columns the last are counted, and drawn once', () => {
  const many = Array.from({ length: 12 }, (_, place) => `A${place}`)
  const wide = {
    truncated: false,
    nodes: ['B1', ...many].map(column),
    edges: many.map((id) => made(id, 'B1')),
  }
  const picture = pictureOf(wide, chosen, shown)
  expect(picture?.rows.get('A')?.map(({ name }) => name)).toEqual([...many.slice(0, 7), 'and 5 more'])
  expect(picture?.links).toHaveLength(8)
})

test('a link goes from row to row', () => {
  const size = sizeWith(2)
  expect(size.height).toBeGreaterThan(nodeSize.height + 2 * rowHeight)
  const boxes = new Map([['A', { x: 0, y: 0, ...size }], ['B', { x: 400, y: 100, ...size }]]) // prettier-ignore
  const link = { id: '', words: '', source: { dataset: 'A', row: 1 }, target: { dataset: 'B', row: 0 } }
  const layout = { boxes, paths: new Map(), width: 0, height: 0 }
  expect(linkPath(link, layout, 'RIGHT')?.line).toBe('M216 89C308 89 308 167 400 167')
  expect(linkPath(link, layout, 'DOWN')?.line).toBe('M216 89C664 89 664 167 616 167')
  expect(linkPath({ ...link, target: { dataset: 'gone', row: 0 } }, layout, 'RIGHT')).toBeNull()
})
