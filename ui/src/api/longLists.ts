import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query'

/** A list of more pages is not read again and again: what changes in it is pushed. */
const mostPages = 4

function pagesOf(data: unknown): number {
  const { pages } = (data ?? {}) as Partial<InfiniteData<unknown>>
  return Array.isArray(pages) ? pages.length : 0
}

export function isLongList({ state }: Pick<Query, 'state'>): boolean {
  return pagesOf(state.data) > mostPages
}

/**
 * Forgets all but the first pages of long lists, so that they can be read again. Whoever looks at what lies further down
 * finds the end of the list there, from which it goes on.
 */
export function trimLongLists(client: QueryClient): void {
  for (const query of client.getQueryCache().findAll({ predicate: isLongList })) {
    client.setQueryData<InfiniteData<unknown>>(
      query.queryKey,
      (data) =>
        data && { pages: data.pages.slice(0, mostPages), pageParams: data.pageParams.slice(0, mostPages) },
    )
  }
}
