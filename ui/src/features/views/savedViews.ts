import { keep, readKept } from '@/api/kept'
import { createStore } from '@/api/store'

/** The pages whose filters people come back to, by their names in the navigation. */
export const viewPages = {
  '/runs': 'Runs',
  '/pipelines': 'Pipelines',
  '/incidents': 'Incidents',
  '/slas': 'SLAs',
} as const
export type ViewPage = keyof typeof viewPages

/** A name for an address: a page and what its filters say. */
export interface View {
  page: ViewPage
  name: string
  /** As it stands in the address, without the question mark */
  search: string
}

const storageKey = 'podium.views'
export const longestName = 60

/** What this browser keeps; null where it keeps nothing for pages. What makes no sense is left out. */
function read(): View[] | null {
  const kept = readKept(storageKey)
  return kept === undefined ? null : viewsIn(kept)
}

export function viewsIn(kept: unknown): View[] {
  const found: View[] = []
  for (const view of Array.isArray(kept) ? kept.filter(isView) : []) {
    if (!named(found, view.page, view.name)) found.push(view)
  }
  return found
}

function isView(value: unknown): value is View {
  if (typeof value !== 'object' || value === null) return false
  const { page, name, search } = value as Partial<View>
  return (
    typeof page === 'string' &&
    Object.hasOwn(viewPages, page) &&
    typeof name === 'string' &&
    name.trim() !== '' &&
    typeof search === 'string'
  )
}

/** All of them; they last as long as the page where the browser keeps nothing. */
export const views = createStore<View[]>(read() ?? [])
// Another tab saves and deletes, too.
window.addEventListener('storage', ({ key }) => {
  if (key === storageKey) views.set(read() ?? [])
})

function change(next: (now: View[]) => View[]): void {
  const changed = next(read() ?? views.get())
  views.set(changed)
  keep(storageKey, changed)
}

/** Names are told apart by their letters, not by how large those are. */
export function named(all: View[], page: ViewPage, name: string): View | undefined {
  const wanted = name.trim().toLowerCase()
  return all.find((view) => view.page === page && view.name.trim().toLowerCase() === wanted)
}

/** By name; a name that is there already comes to mean the new search. */
export function saveView(view: View): void {
  const saved = { ...view, name: view.name.trim() }
  change((now) => {
    const former = named(now, view.page, view.name)
    return [...now.filter((one) => one !== former), saved].toSorted((a, b) => a.name.localeCompare(b.name))
  })
}

export function deleteView({ page, name }: View): void {
  change((now) => now.filter((view) => view !== named(now, page, name)))
}

/** What the router is given for a view's search. */
export function partsOf(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

/** Whether two addresses narrow and order a page alike; in what order they say so makes no difference. */
export function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((search) => {
    const parts = new URLSearchParams(search)
    parts.sort()
    return parts.toString()
  })
  return first === second
}
