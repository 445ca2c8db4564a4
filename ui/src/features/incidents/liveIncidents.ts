import { IncidentChangedDocument } from '@/api/generated'
import { feed, type Following } from '@/api/live'
import type { QueryClient } from '@tanstack/react-query'
import { incidentKeys } from './incidentQueries'

/** A burst of changes becomes one asking. */
const gatherFor = 300

/** Asks anew for whatever shows incidents, whenever one changes: lists, counts and impacts change with it. */
export function followIncidents(client: QueryClient): Following {
  let timer: number | undefined
  const flush = (): void => {
    timer = undefined
    void client.invalidateQueries({ queryKey: incidentKeys.all })
  }
  return {
    feed: feed(IncidentChangedDocument, {}, () => {
      timer ??= window.setTimeout(flush, gatherFor)
    }),
    stop: () => window.clearTimeout(timer),
  }
}
