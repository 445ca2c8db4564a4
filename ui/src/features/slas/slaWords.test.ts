import { expect, test } from 'vitest'
import { aSla } from '../../../test/builders'
import { chance, promiseWords, reasonWords, spanWords } from './slaWords'

test.each([
  [{}, 'A success by 09:00 (UTC), every day.'],
  [
    { calendar: 'business-days:CH-ZH', daysOff: ['12-31'], dataDay: -1, timezone: 'Europe/Zurich' },
    'A success by 09:00 (Europe/Zurich), on business days of CH-ZH except 12-31, with the data of the day before.',
  ],
  [
    { calendar: '1,3,5', window: 'PT6H' },
    'A success by 09:00 (UTC), on Monday, Wednesday, Friday, not older than 6h then.',
  ],
  [{ calendar: 'MON-FRI' }, 'A success by 09:00 (UTC), on Monday to Friday.'],
  [{ kind: 'FRESHNESS' as const, limit: 'PT2H' }, 'The last success is never older than 2h.'],
  [
    {
      kind: 'FRESHNESS' as const,
      limit: 'PT90M',
      pipeline: null,
      dataset: { id: 'd', namespace: 'n', name: 'o' },
    },
    'The last write is never older than 1h 30m.',
  ],
  [{ kind: 'DURATION' as const, limit: 'PT30M' }, 'No run takes longer than 30m.'],
  [{ kind: 'DURATION' as const, deviations: 3 }, 'No run takes longer than usual by 3 standard deviations.'],
  [
    { kind: 'SUCCESS_RATE' as const, targetRate: 0.95, window: 'P30D' },
    '95% of the runs of the last 30d succeed.',
  ],
])('%o is a sentence', (given, sentence) => {
  expect(promiseWords(aSla(given))).toBe(sentence)
})

test('nothing is certain', () => {
  expect(chance(0.9999)).toBe('>99%')
  expect(chance(0)).toBe('<1%')
  expect(chance(0.194)).toBe('19%')
  expect(spanWords('PT0S')).toBe('0s')
  expect(reasonWords('forecast_late')).toBe('There is time left, but the forecast is late')
})
