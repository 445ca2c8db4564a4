import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { soon } from '../../../test/soon'
import { incidentKeys } from './incidentQueries'
import { followIncidents } from './liveIncidents'

test('an answer that was on its way while an incident changed is asked for again', async () => {
  const client = new QueryClient()
  const answers: ((value: string) => void)[] = []
  const observer = new QueryObserver(client, {
    queryKey: incidentKeys.open,
    queryFn: ({ signal }) =>
      new Promise<string>((resolve, reject) => {
        answers.push(resolve)
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      }),
    retry: false,
  })
  const shown: (string | undefined)[] = []
  const unsubscribe = observer.subscribe(({ data }) => shown.push(data))
  const { feed, stop } = followIncidents(client)
  feed.onData({})
  await soon(() => expect(answers).toHaveLength(2))
  answers[0]?.('before the change')
  answers[1]?.('after it')
  await soon(() => expect(shown.at(-1)).toBe('after it'))
  expect(shown).not.toContain('before the change')
  stop()
  unsubscribe()
})

test('what happened before the gateway began to tell is asked for once it does', async () => {
  vi.useFakeTimers()
  const client = new QueryClient()
  const asked = vi.spyOn(client, 'invalidateQueries')
  const { onConnected, stop } = followIncidents(client)
  onConnected?.()
  await vi.advanceTimersByTimeAsync(2_500)
  expect(asked).toHaveBeenCalledTimes(1)
  stop()
  vi.useRealTimers()
})
