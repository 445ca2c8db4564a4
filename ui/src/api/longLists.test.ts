import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { isLongList, trimLongLists } from './longLists'

function listOf(count: number) {
  const numbers = Array.from({ length: count }, (_, number) => number)
  return { pages: numbers, pageParams: numbers }
}

test('of long lists the first pages stay, and nothing else changes', () => {
  const client = new QueryClient()
  const [short, one] = [listOf(4), { id: 'run-1' }]
  client.setQueryData(['long'], listOf(200))
  client.setQueryData(['short'], short)
  client.setQueryData(['one'], one)
  const isLong = (key: string): boolean | undefined =>
    client
      .getQueryCache()
      .findAll({ queryKey: [key] })
      .map(isLongList)[0]
  expect(['long', 'short', 'one'].map(isLong)).toEqual([true, false, false])
  trimLongLists(client)
  expect(client.getQueryData(['long'])).toEqual(listOf(4))
  expect(client.getQueryData(['short'])).toBe(short)
  expect(client.getQueryData(['one'])).toBe(one)
})
