import Elk from 'elkjs/lib/elk.bundled.js'
import { expect, test } from 'vitest'
import type { Box } from '@/features/lineage/layout'
import { drawable, type Edge, edgeId, place, type Placeable, type Placed } from './placing'
import { stepFrom } from './walking'

const edges = (...ways: string[]): Edge[] =>
  ways.map((way) => {
    const [source = '', target = ''] = way.split('>')
    return { source, target }
  })
const at = (placed: Placed, id: string): Box =>
  placed.boxes.get(id) ?? { x: NaN, y: NaN, width: 0, height: 0 }
const nodes: Placeable[] = [
  { id: 'extract', group: null },
  { id: 'clean.names', group: 'clean' },
  { id: 'clean.dates', group: 'clean' },
  { id: 'clean.join', group: 'clean' },
  { id: 'load', group: null },
]
const ways = edges(
  'extract>clean.names',
  'extract>clean.dates',
  'clean.names>clean.join',
  'clean.dates>clean.join',
  'clean.join>load',
  'extract>load',
)

test('what waits stands to the right of what it waits for, and a group stands in its frame', async () => {
  const placed = await place(new Elk(), nodes, ways, 192)
  for (const { source, target } of ways)
    expect(at(placed, source).x + at(placed, source).width).toBeLessThan(at(placed, target).x)
  const [frame] = placed.frames
  expect(placed.frames.map(({ name }) => name)).toEqual(['clean'])
  for (const { id, group } of nodes) expect(isWithin(at(placed, id), frame?.box), id).toBe(group === 'clean')
})

test('edges lead from the end of one node to the beginning of another', async () => {
  const placed = await place(new Elk(), nodes, ways, 192)
  expect(placed.paths.size).toBe(ways.length)
  for (const edge of ways) {
    const { line = '', arrow = '', around } = placed.paths.get(edgeId(edge)) ?? {}
    expect([line.slice(0, 1), arrow.slice(-1)]).toEqual(['M', 'Z'])
    const [from, to] = [at(placed, edge.source), at(placed, edge.target)]
    expect([around?.x, (around?.x ?? 0) + (around?.width ?? 0)]).toEqual([from.x + from.width, to.x])
  }
})

function isWithin(one: Box, other: Box = one): boolean {
  return (
    one.x > other.x &&
    one.y > other.y &&
    one.x + one.width < other.x + other.width &&
    one.y + one.height < other.y + other.height
  )
}

test('groups that wait for each other, and a circle, are drawn all the same', async () => {
  const crossed = [
    { id: 'a', group: 'one' },
    { id: 'b', group: 'two' },
    { id: 'c', group: 'one' },
  ]
  const placed = await place(new Elk(), crossed, edges('a>b', 'b>c', 'c>a'), 192)
  expect([...placed.boxes.keys()].sort()).toEqual(['a', 'b', 'c'])
  expect(placed.paths.size).toBe(3)
})

test('edges to nowhere, to itself and told twice are left out', () => {
  expect(drawable(nodes, edges('extract>load', 'extract>load', 'load>load', 'load>gone'))).toEqual(
    edges('extract>load'),
  )
})

test('the arrow keys follow the edges, and reach what stands beside', async () => {
  const placed = await place(new Elk(), nodes, ways, 192)
  const step = (key: string, id: string): string | null => stepFrom(key, id, ways, placed)
  expect(step('ArrowRight', 'clean.names')).toBe('clean.join')
  expect(step('ArrowLeft', 'clean.join')).toMatch(/clean\.(names|dates)/)
  const [above, below] = ['clean.names', 'clean.dates'].toSorted((a, b) => at(placed, a).y - at(placed, b).y)
  expect(step('ArrowDown', above ?? '')).toBe(below)
  expect(step('ArrowUp', below ?? '')).toBe(above)
  expect(step('ArrowLeft', 'extract')).toBeNull()
  expect(step('Home', 'load')).toBe('extract')
  expect(step('End', 'extract')).toBe('load')
  expect(step('a', 'extract')).toBeNull()
})

test('an arrow up or down reaches what no edge and no layer has in common with a node', async () => {
  const lonely = [...['a', 'b', 'c'].map((id) => ({ id, group: null })), { id: 'lonely', group: null }]
  const chain = edges('a>b', 'b>c')
  const placed = await place(new Elk(), lonely, chain, 192)
  const way = at(placed, 'lonely').y > at(placed, 'c').y ? 'ArrowDown' : 'ArrowUp'
  expect(stepFrom(way, 'c', chain, placed)).toBe('lonely')
}, 192)
