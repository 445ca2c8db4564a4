import { expect, test } from 'vitest'
import { scheduleWords } from './scheduleWords'

test.each([
  ['0 6 * * *', 'At 06:00'],
  ['*/30 * * * *', 'Every 30 minutes'],
  ['@hourly', 'Every hour'],
  ['30 7 * * 1-5', 'At 07:30, Monday through Friday'],
])('%s is “%s”', (schedule, words) => {
  expect(scheduleWords(schedule)).toBe(words)
})

test.each(['every 15 minutes', 'asset-triggered', '', '0 6 * *', '99 99 * * *', '@continuous'])(
  'what is no crontab is left as it is: %s',
  (schedule) => {
    expect(scheduleWords(schedule)).toBeNull()
  },
)
