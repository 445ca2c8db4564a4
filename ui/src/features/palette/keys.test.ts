import { expect, test } from 'vitest'
import { meaningOf, type Pressed } from './keys'
import { pages } from './pages'

function pressed(key: string, more: Partial<Pressed> = {}): Pressed {
  const held = { ctrlKey: false, metaKey: false, altKey: false, isTyping: false, isCovered: false }
  return { key, ...held, at: 10_000, ...more }
}

test.each([{ ctrlKey: true }, { metaKey: true }, { ctrlKey: true, isTyping: true, isCovered: true }])(
  'the palette opens from anywhere: %o',
  (held) => {
    expect(meaningOf(pressed('k', held), null)).toEqual({ is: 'palette' })
  },
)

test('a letter after g leads to its page, if it comes soon', () => {
  expect(meaningOf(pressed('g'), null)).toEqual({ is: 'begin' })
  expect(meaningOf(pressed('p'), 9_500)).toEqual({ is: 'page', to: '/pipelines' })
  expect(meaningOf(pressed('p'), 5_000)).toBeNull()
  expect(meaningOf(pressed('x'), 9_500)).toBeNull()
  expect(meaningOf(pressed('p'), null)).toBeNull()
})

test('what is typed into a field is no shortcut, nor what a dialog hears', () => {
  for (const key of ['g', '/', '?']) {
    expect(meaningOf(pressed(key, { isTyping: true }), null)).toBeNull()
    expect(meaningOf(pressed(key, { isCovered: true }), null)).toBeNull()
    expect(meaningOf(pressed(key, { altKey: true }), null)).toBeNull()
    expect(meaningOf(pressed(key), null)).not.toBeNull()
  }
  expect(meaningOf(pressed('p', { isTyping: true }), 9_900)).toBeNull()
})

test('no two pages have the same key', () => {
  expect(new Set(pages.map(({ key }) => key)).size).toBe(pages.length)
})
