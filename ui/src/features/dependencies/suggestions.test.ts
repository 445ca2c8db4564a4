import { expect, test } from 'vitest'
import { pipelineFilter, timezones } from './suggestions'

test('a pipeline is looked for by its key, and within an orchestrator once that is typed', () => {
  expect(pipelineFilter(' ing')).toEqual({ isActive: true, search: 'ing' })
  expect(pipelineFilter('shop/sync/ho')).toEqual({
    isActive: true,
    orchestrators: ['shop'],
    search: 'sync/ho',
  })
})

test('time zones are those that the browser knows', () => {
  expect(timezones[0]).toBe('UTC')
  expect(timezones).toContain('Europe/Zurich')
  expect(new Set(timezones).size).toBe(timezones.length)
})
