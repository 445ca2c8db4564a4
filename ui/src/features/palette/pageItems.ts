import type { Item } from './items'
import { pages } from './pages'

export const pageItems: Item[] = pages.map(({ to, name, key, words }) => ({
  id: `page ${to}`,
  group: 'Pages',
  title: `Go to ${name}`,
  words,
  keys: `g ${key}`,
  place: { to },
}))
