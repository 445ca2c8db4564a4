import { expect, test } from 'vitest'
import type { Item } from './items'
import { grouped, isMatch, partsOf, wordsOf } from './matching'
import { recentItems, remember } from './recent'

const sales: Item = {
  id: '1',
  group: 'Pipelines',
  title: 'ingest_sales',
  hint: 'airflow-prod',
  place: { to: '/pipelines/$pipelineId', params: { pipelineId: '1' } },
}

test.each([
  ['sales', true],
  ['AIR sal', true],
  ['pipelines ingest', true],
  ['sales dagster', false],
])('“%s” fits: %s', (typed, fits) => {
  expect(isMatch(sales, wordsOf(typed))).toBe(fits)
})

test('what was typed stands out, once, wherever it is', () => {
  const shown = (text: string, typed: string): string =>
    partsOf(text, wordsOf(typed))
      .map(({ text: part, isHit }) => (isHit ? `[${part}]` : part))
      .join('')
  expect(shown('ingest_sales', 'SAL ing')).toBe('[ing]est_[sal]es')
  expect(shown('banana', 'ana')).toBe('b[ana]na')
  expect(shown('aaa', 'a aa')).toBe('[aaa]')
  expect(shown('İstanbul', 'stan')).toBe('İstanbul')
  expect(shown('orders', '')).toBe('orders')
})

test('groups come in their order, and nothing comes twice', () => {
  const page: Item = { id: '2', group: 'Pages', title: 'Go to SLAs' }
  expect(grouped([sales, page, { ...sales }])).toEqual([
    { group: 'Pages', items: [page] },
    { group: 'Pipelines', items: [sales] },
  ])
})

test('what was opened last comes first, eight at most, and only what leads somewhere', () => {
  for (let at = 0; at < 10; at += 1) remember({ ...sales, id: String(at) })
  remember({ ...sales, id: '5' })
  remember({ id: 'theme', group: 'Actions', title: 'Use the dark theme' })
  expect(recentItems().map(({ id }) => id)).toEqual(['5', '9', '8', '7', '6', '4', '3', '2'])
})

test.each(['no JSON', '{}', '[1, null, {"id": "x"}]'])('what is no list of ours is no list: %s', (kept) => {
  localStorage.setItem('podium.recent', kept)
  expect(recentItems()).toEqual([])
})
