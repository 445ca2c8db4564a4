import { expect, test } from 'vitest'
import { aCondition, aDependency } from '../../../test/builders'
import { conditionTree, type Group, isGroup, type Node, subjectOf } from './conditionTree'

function shape(node: Node): unknown {
  return isGroup(node) ? { [node.mode]: node.items.map(shape) } : `${node.place} ${node.condition.name}`
}

function treeOf(expression: string, names: string[]): Group {
  return conditionTree(
    aDependency(
      names.map((name) => aCondition(name)),
      { expression },
    ),
  )
}

test('groups in groups are read from the words that the API has for them', () => {
  const tree = treeOf('all of (a/b, any of (c/d, all of (e/f, g/h)), i/j)', [
    'a/b',
    'c/d',
    'e/f',
    'g/h',
    'i/j',
  ])
  expect(shape(tree)).toEqual({
    ALL: ['0 a/b', { ANY: ['1 c/d', { ALL: ['2 e/f', '3 g/h'] }] }, '4 i/j'],
  })
})

test('commas, brackets and spaces in names are no groups', () => {
  const names = ['0 22 * * 1,5 for 3h', 'file://share a, b (old)', 'a/all of (x)']
  expect(shape(treeOf(`any of (${names.join(', ')})`, names))).toEqual({
    ANY: names.map((name, place) => `${place} ${name}`),
  })
})

test('one condition alone is a group of one, and words that do not fit lose no condition', () => {
  expect(shape(treeOf('a/b', ['a/b']))).toEqual({ ALL: ['0 a/b'] })
  expect(shape(treeOf('something else', ['a/b', 'c/d']))).toEqual({ ALL: ['0 a/b', '1 c/d'] })
})

test('what a condition looks at', () => {
  expect(subjectOf(aCondition('airflow/group/dag.load', { task: 'load' }))).toEqual({
    what: 'pipeline',
    orchestrator: 'airflow',
    key: 'group/dag',
  })
  expect(subjectOf(aCondition('postgres://warehouse:5432 sales.orders', { states: null }))).toEqual({
    what: 'dataset',
    namespace: 'postgres://warehouse:5432',
    name: 'sales.orders',
  })
  expect(
    subjectOf(aCondition('0 22 * * * for 3h', { states: null, cron: '0 22 * * *', lasts: 'PT3H' })),
  ).toEqual({
    what: 'window',
    cron: '0 22 * * *',
    lasts: 'PT3H',
  })
})
