import { followByAsking } from '@/api/askAnew'
import { FiringChangedDocument } from '@/api/generated'
import type { Following } from '@/api/live'
import type { QueryClient } from '@tanstack/react-query'
import { dependencyKeys } from './dependencyQueries'

/** Asks anew for whatever shows dependencies, whenever one of their firings begins or changes. */
export function followFirings(client: QueryClient): Following {
  return followByAsking(client, FiringChangedDocument, dependencyKeys.all)
}
