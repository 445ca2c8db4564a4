import { IncidentChangedDocument } from '@/api/generated'
import { feed, type Following } from '@/api/live'
import type { QueryClient } from '@tanstack/react-query'
import { incidentKeys } from './incidentQueries'

/** A burst of changes becomes one asking. */
const gatherFor = 300
/** So long after a connection stands the gateway tells of incidents for sure; it does not say from when on it does. */
const tellsAfter = 2_000

/** Asks anew for whatever shows incidents, whenever one changes: lists, counts and impacts change with it. */
export function followIncidents(client: QueryClient): Following {
  let timer: number | undefined
  let connectedTimer: number | undefined
  let isAsking = false
  let isChanged = false
  const takeChange = (): boolean => {
    const was = isChanged
    isChanged = false
    return was
  }
  const soon = (): void => {
    isChanged = true
    if (!isAsking) timer ??= window.setTimeout(() => void askAnew(), gatherFor)
  }
  const askAnew = async (): Promise<void> => {
    const all = { queryKey: incidentKeys.all }
    timer = undefined
    takeChange()
    isAsking = true
    // An answer that is on its way does not know of the change.
    await client.cancelQueries(all)
    await client.invalidateQueries(all)
    isAsking = false
    if (takeChange()) soon()
  }
  return {
    feed: feed(IncidentChangedDocument, {}, soon),
    onConnected: () => {
      window.clearTimeout(connectedTimer)
      connectedTimer = window.setTimeout(soon, tellsAfter)
    },
    stop: () => {
      window.clearTimeout(timer)
      window.clearTimeout(connectedTimer)
    },
  }
}
