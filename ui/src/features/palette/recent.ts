import { keep, readKept } from '@/api/kept'
import { isGroup, type Item, type Place } from './items'
import { recentKey as storageKey } from './paletteStore'

const most = 8

/** What is kept of a thing that was opened. */
export type Kept = Pick<Item, 'id' | 'group' | 'title' | 'hint' | 'kind'> & { place: Place }

/** The last opened first; nothing where storage is forbidden or holds something else. */
export function recentItems(): Kept[] {
  const kept = readKept(storageKey)
  return Array.isArray(kept) ? kept.filter(isKept).slice(0, most) : []
}

export function remember({ id, group, title, hint, kind, place }: Item): void {
  if (place === undefined || group === 'Pages' || group === 'Views') return
  const kept: Kept = { id, group, title, hint, kind, place }
  const others = recentItems().filter((one) => one.id !== id)
  keep(storageKey, [kept, ...others].slice(0, most))
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { id, group, title, place } = value as Partial<Kept>
  return (
    typeof id === 'string' &&
    typeof title === 'string' &&
    isGroup(group) &&
    typeof place === 'object' &&
    typeof (place as Partial<Place>).to === 'string'
  )
}
