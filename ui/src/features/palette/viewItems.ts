import { partsOf, type View, viewPages } from '@/features/views/savedViews'
import type { Item } from './items'

/** The views that were saved, each with its page: "Runs: failed in Zurich". */
export function viewItems(views: View[]): Item[] {
  return views.map(({ page, name, search }) => ({
    id: `view ${page} ${name}`,
    group: 'Views',
    title: `${viewPages[page]}: ${name}`,
    words: 'saved view filter',
    place: { to: page, search: partsOf(search) },
  }))
}
