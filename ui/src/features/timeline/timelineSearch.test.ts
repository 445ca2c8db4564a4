import { expect, test } from 'vitest'
import { parseTimelineSearch } from './timelineSearch'

test('what the timeline shows stands in the address', () => {
  const search = { span: '6h', lanes: 'mixed', from: '2026-05-01T10:00:00Z', to: '2026-05-01T11:30:00Z' }
  expect(parseTimelineSearch(search)).toEqual(search)
  expect(parseTimelineSearch({ from: '2026-05-01T10:00:00Z' })).toEqual({ from: '2026-05-01T10:00:00Z' })
  expect(parseTimelineSearch({ from: '2026-05-01T12:00:00+02:00' })).toEqual({ from: '2026-05-01T10:00:00Z' })
})

test.each([
  { span: '7h', lanes: 'tall' },
  { from: 'yesterday' },
  { from: 12 },
  { to: '2026-05-01T11:30:00Z' },
  { from: '2026-05-01T11:30:00Z', to: '2026-05-01T11:30:00Z' },
  { from: '2026-05-01T11:30:00Z', to: '2026-05-01T10:00:00Z' },
])('what makes no sense is left out: %j', (search) => {
  expect(parseTimelineSearch(search)).toEqual({})
})

test('an end that makes no sense leaves the beginning', () => {
  expect(parseTimelineSearch({ from: '2026-05-01T10:00:00Z', to: 'soon' })).toEqual({
    from: '2026-05-01T10:00:00Z',
  })
})
