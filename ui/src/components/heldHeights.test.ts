import { afterEach, expect, test, vi } from 'vitest'
import { heightOf, keepHeight } from './heldHeights'

afterEach(() => {
  vi.restoreAllMocks()
  localStorage.clear()
})

test('each part has its height, in a window as wide as it was', () => {
  expect(heightOf('incidents', 1440)).toBeNull()
  keepHeight('incidents', 1440, 320)
  keepHeight('slas', 1440, 0)
  expect(heightOf('incidents', 1440)).toBe(320)
  expect(heightOf('slas', 1440)).toBe(0)
  expect(heightOf('incidents', 390)).toBeNull()
  keepHeight('incidents', 1440, 64)
  expect(heightOf('incidents', 1440)).toBe(64)
})

test.each(['nonsense', '[]', 'null', '{"incidents": 7}', '{"incidents": {"width": 1440, "height": "tall"}}'])(
  'what is not a height is none: %s',
  (kept) => {
    localStorage.setItem('podium.heights', kept)
    expect(heightOf('incidents', 1440)).toBeNull()
    keepHeight('incidents', 1440, 12)
    expect(heightOf('incidents', 1440)).toBe(12)
  },
)

test('where storage is forbidden nothing is held, and nothing breaks', () => {
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError')
  })
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError')
  })
  keepHeight('incidents', 1440, 320)
  expect(heightOf('incidents', 1440)).toBeNull()
})
