import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { feed, type Following } from './live'
import type { TypedDocumentString } from './generated'

/** A burst of changes becomes one asking. */
const gatherFor = 300
/** So long after a connection stands the gateway tells of changes for sure; it does not say from when on it does. */
const tellsAfter = 2_000

/** Asks anew for whatever shows something of a domain, whenever its subscription tells of a change. */
export function followByAsking<Result>(
  client: QueryClient,
  document: TypedDocumentString<Result, Record<string, never>>,
  queryKey: QueryKey,
): Following {
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
    timer = undefined
    takeChange()
    isAsking = true
    // An answer that is on its way does not know of the change.
    await client.cancelQueries({ queryKey })
    await client.invalidateQueries({ queryKey })
    isAsking = false
    if (takeChange()) soon()
  }
  return {
    feed: feed(document, {}, soon),
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
