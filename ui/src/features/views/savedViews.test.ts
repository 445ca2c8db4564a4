import { readKept } from '@/api/kept'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deleteView, isSame, named, partsOf, saveView, type View, views, viewsIn } from './savedViews'

const zurich: View = { page: '/runs', name: 'failed in Zurich', search: 'state=FAILED&orchestrator=zurich' }

beforeEach(() => views.set([]))
afterEach(() => vi.restoreAllMocks())

test('a view is kept in the browser, by its name', () => {
  saveView(zurich)
  saveView({ page: '/runs', name: ' by hand ', search: 'trigger=MANUAL' })
  expect(views.get().map(({ name }) => name)).toEqual(['by hand', 'failed in Zurich'])
  expect(viewsIn(readKept('podium.views'))).toEqual(views.get())
})

test('a name means one search on a page, and may mean another on another page', () => {
  saveView(zurich)
  saveView({ ...zurich, page: '/incidents', search: 'orchestrator=zurich' })
  saveView({ ...zurich, name: 'Failed in Zurich', search: 'state=FAILED' })
  expect(views.get()).toHaveLength(2)
  expect(named(views.get(), '/runs', 'FAILED in Zurich ')?.search).toBe('state=FAILED')
  deleteView(zurich)
  expect(views.get().map(({ page }) => page)).toEqual(['/incidents'])
})

test('what another tab has saved is not lost', () => {
  localStorage.setItem('podium.views', JSON.stringify([zurich]))
  saveView({ page: '/runs', name: 'by hand', search: 'trigger=MANUAL' })
  expect(views.get().map(({ name }) => name)).toEqual(['by hand', 'failed in Zurich'])
})

test.each([
  null,
  '',
  'nonsense',
  '{}',
  '[1, null, {}]',
  '[{"page": "/nowhere", "name": "x", "search": ""}]',
  '[{"page": "/runs", "name": " ", "search": ""}]',
  '[{"page": "toString", "name": "x", "search": ""}]',
])('%j holds no view', (text) => {
  localStorage.setItem('podium.views', String(text))
  expect(viewsIn(readKept('podium.views'))).toEqual([])
})

test('of two of one name the first is kept', () => {
  expect(viewsIn([zurich, { ...zurich, search: '' }])).toEqual([zurich])
})

test('where the browser keeps nothing, views last as long as the page', () => {
  const refuse = (): never => {
    throw new DOMException('No.', 'SecurityError')
  }
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse)
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse)
  saveView(zurich)
  saveView({ ...zurich, name: 'another' })
  expect(views.get()).toHaveLength(2)
})

test('addresses are compared by what they say', () => {
  expect(isSame('?state=FAILED&q=x', 'q=x&state=FAILED')).toBe(true)
  expect(isSame('?state=FAILED,RUNNING', 'state=FAILED%2CRUNNING')).toBe(true)
  expect(isSame('?state=FAILED', '')).toBe(false)
  expect(partsOf('state=FAILED,RUNNING&q=a%26b')).toEqual({ state: 'FAILED,RUNNING', q: 'a&b' })
})
