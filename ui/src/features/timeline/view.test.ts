import { expect, test } from 'vitest'
import {
  ahead,
  type Look,
  pan,
  reveal,
  shortest,
  ticks,
  toTime,
  toX,
  viewOf,
  wholeLook,
  zoom,
  zoomTo,
} from './view'

const hour = 3_600_000
const now = Date.UTC(2026, 4, 1, 12)
const day = 24 * hour
const whole = wholeLook(day)

function hours(look: Look): [number, number] {
  const { from, to } = viewOf(look, now)
  return [(from - now) / hour, (to - now) / hour].map((one) => Math.round(one * 100) / 100) as [
    number,
    number,
  ]
}

test('all of a day is in sight, and a bit of what is to come', () => {
  const [from, to] = hours(whole)
  expect(from).toBe(-24)
  expect(to).toBeGreaterThan(1)
})

test('whoever looks at now goes on with it, zoomed in too', () => {
  const near = zoom(whole, 4, now, day, now)
  expect(near.to).toBeNull()
  expect(viewOf(near, now + hour).to - viewOf(near, now).to).toBe(hour)
})

test('zooming leaves the instant below the pointer where it is', () => {
  const at = now - 10 * hour
  const near = zoom(whole, 3, at, day, now)
  expect(near.to).not.toBeNull()
  expect(toX(at, viewOf(near, now), 1000)).toBeCloseTo(toX(at, viewOf(whole, now), 1000))
  expect(hours(zoom(near, 1 / 100, at, day, now))).toEqual(hours(whole))
})

test('nobody gets nearer than there is something to tell apart, or farther than there are runs', () => {
  expect(zoom(whole, 1e9, now - hour, day, now).span).toBe(shortest)
  const near = zoom(whole, 8, now - 12 * hour, day, now)
  expect(hours(pan(near, -100 * hour, day, now))[0]).toBe(-24)
  const back = pan(near, 100 * hour, day, now)
  expect(back.to).toBeNull()
  expect(viewOf(back, now).to).toBe(now + back.span * ahead)
})

test('what is not in sight is brought into sight, what is leaves all as it is', () => {
  const near = zoom(whole, 12, now, day, now)
  const long = { from: now - 9 * hour, to: now - 8.9 * hour }
  const moved = viewOf(reveal(near, long, day, now), now)
  expect(moved.from).toBeLessThan(long.from)
  expect(moved.to).toBeGreaterThan(long.to)
  expect(moved.to - moved.from).toBeCloseTo(near.span)
  expect(reveal(near, { from: now - hour, to: now }, day, now)).toBe(near)
})

test('several runs in one bar fill the chart when zoomed into', () => {
  const many = { from: now - 5 * hour, to: now - 4 * hour }
  const { from, to } = viewOf(zoomTo(many, day, now), now)
  expect([from < many.from, to > many.to, to - from < 1.5 * hour]).toEqual([true, true, true])
})

test('marks stand on whole hours of the chosen clock, a new day by its date', () => {
  const view = { from: now - 14 * hour, to: now }
  expect(ticks(view, 700, 'utc').map(({ label }) => label)).toEqual([
    '22:00',
    '1 May',
    '02:00',
    '04:00',
    '06:00',
    '08:00',
    '10:00',
  ])
  expect(ticks({ from: now - 60_000, to: now }, 400, 'utc').map(({ label }) => label)).toContain('11:59:30')
  expect(toTime(toX(now - hour, view, 640), view, 640)).toBeCloseTo(now - hour)
})
