import { QueryClient } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { aSla, aStanding } from '../../../test/builders'
import { followSlas, mergeStandings } from './liveSlas'
import { slaKeys, type SlaLine } from './slaQueries'

const changed = (given: Parameters<typeof aStanding>[0], id = 'sla-1') => ({
  ...aStanding(given),
  sla: { id },
})

test('what was opened last counts, and of that what was judged last', () => {
  const state = (...changes: ReturnType<typeof changed>[]) =>
    mergeStandings([aSla()], changes)[0]?.current?.state
  expect(state(changed({ state: 'AT_RISK', evaluatedAt: '2026-05-01T07:01:00Z' }))).toBe('AT_RISK')
  expect(state(changed({ state: 'AT_RISK', evaluatedAt: '2026-05-01T06:00:00Z' }))).toBe('ON_TRACK')
  expect(state(changed({ id: 'yesterday', state: 'MISSED', opensAt: '2026-04-29T22:00:00Z' }))).toBe(
    'ON_TRACK',
  )
  expect(state(changed({ id: 'tomorrow', state: 'PENDING', opensAt: '2026-05-01T22:00:00Z' }))).toBe(
    'PENDING',
  )
  expect(mergeStandings([aSla({ current: null })], [changed({})])[0]?.current?.state).toBe('ON_TRACK')
})

test('a change is shown without asking, and one of an unknown promise has the list asked for', async () => {
  vi.useFakeTimers()
  const client = new QueryClient()
  client.setQueryData<SlaLine[]>(slaKeys.list, [aSla()])
  const asked = vi.spyOn(client, 'invalidateQueries')
  const { feed, stop } = followSlas(client)
  feed.onData({ slaChanged: changed({ state: 'MISSED', evaluatedAt: '2026-05-01T09:01:00Z' }) })
  await vi.advanceTimersByTimeAsync(400)
  expect(client.getQueryData<SlaLine[]>(slaKeys.list)?.[0]?.current?.state).toBe('MISSED')
  expect(asked).not.toHaveBeenCalledWith({ queryKey: slaKeys.list })
  client.setQueryData(slaKeys.detail('shown'), aSla())
  client.setQueryData(slaKeys.detail('other'), aSla({ id: 'sla-3' }))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(asked).toHaveBeenCalledWith({ queryKey: slaKeys.detail('shown') })
  expect(asked).not.toHaveBeenCalledWith({ queryKey: slaKeys.detail('other') })
  expect(asked).toHaveBeenCalledWith({ queryKey: slaKeys.danger })
  feed.onData({ slaChanged: changed({ id: 'new' }, 'sla-2') })
  await vi.advanceTimersByTimeAsync(400)
  expect(asked).toHaveBeenCalledWith({ queryKey: slaKeys.list })
  stop()
  vi.useRealTimers()
})
