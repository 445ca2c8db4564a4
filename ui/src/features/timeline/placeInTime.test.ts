import { expect, test } from 'vitest'
import { lengthFor, lookOf, stretchShown } from './placeInTime'
import { pan, viewOf, wholeLook, zoom } from './view'

const hour = 3_600_000
const day = 24 * hour
const now = Date.UTC(2026, 4, 1, 12)

test('all of it needs no words', () => {
  expect(stretchShown(wholeLook(day), day, now)).toEqual({})
  expect(lookOf({}, day, now)).toEqual(wholeLook(day))
})

test('what stands still is the same when it is opened again, whenever that is', () => {
  const past = pan(zoom(wholeLook(day), 12, now, day, now), -6 * hour, day, now)
  const stretch = stretchShown(past, day, now)
  expect(stretch.to).toBeDefined()
  for (const later of [now, now + 10 * hour]) {
    const view = viewOf(lookOf(stretch, day, later), later)
    expect(view.from).toBeCloseTo(viewOf(past, now).from, -4)
    expect(view.to).toBeCloseTo(viewOf(past, now).to, -4)
  }
})

test('what goes on with the time says since when', () => {
  const near = zoom(wholeLook(day), 12, now, day, now)
  const stretch = stretchShown(near, day, now)
  expect(Object.keys(stretch)).toEqual(['from'])
  const again = lookOf(stretch, day, now)
  expect(again.to).toBeNull()
  expect(again.span).toBeCloseTo(near.span, -4)
  expect(stretchShown(lookOf({ from: '2026-05-01T11:00:00Z' }, day, now), day, now)).toEqual({
    from: '2026-05-01T11:00:00Z',
  })
})

test('whole seconds', () => {
  const look = { span: 10 * 60_000, to: now - hour + 345 }
  expect(stretchShown(look, day, now)).toEqual({ from: '2026-05-01T10:50:00Z', to: '2026-05-01T11:00:00Z' })
})

test('a stretch that nothing is known of is left out', () => {
  expect(lookOf({ from: '2026-04-01T00:00:00Z', to: '2026-04-01T01:00:00Z' }, day, now)).toEqual(
    wholeLook(day),
  )
  expect(lookOf({ from: '2026-05-02T00:00:00Z', to: '2026-05-02T01:00:00Z' }, day, now)).toEqual(
    wholeLook(day),
  )
})

test('for something older there is more of the past, as far as it is known', () => {
  expect(lengthFor({}, day, now)).toBe(day)
  expect(lengthFor({ from: '2026-05-01T11:00:00Z' }, day, now)).toBe(day)
  expect(lengthFor({ from: '2026-04-30T09:30:00Z' }, day, now)).toBe(27 * hour)
  expect(lengthFor({ from: '2026-04-01T00:00:00Z' }, day, now)).toBe(day)
})
