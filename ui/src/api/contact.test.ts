import { expect, test } from 'vitest'
import { reconnectDelay } from './backoff'
import { freshness, staleAfter } from './contact'

test('a connection is live, whatever was heard', () => {
  expect(freshness({ phase: 'connected', lastHeardAt: null }, 1_000_000)).toBe('live')
})

test('a lost connection is being restored until the silence has lasted', () => {
  const contact = { phase: 'lost', lastHeardAt: 1_000_000 } as const
  expect(freshness(contact, 1_000_000 + staleAfter - 1)).toBe('reconnecting')
  expect(freshness(contact, 1_000_000 + staleAfter)).toBe('stale')
})

test('nothing is stale before anything was heard', () => {
  expect(freshness({ phase: 'connecting', lastHeardAt: null }, 1_000_000)).toBe('connecting')
  expect(freshness({ phase: 'lost', lastHeardAt: null }, 1_000_000)).toBe('reconnecting')
})

test('reconnections wait twice as long each time, at most eight seconds, never all at once', () => {
  const longest = [0, 1, 2, 3, 4, 5, 100].map((attempt) => reconnectDelay(attempt, () => 1))
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
  expect(reconnectDelay(4, () => 0)).toBe(4_000)
})
