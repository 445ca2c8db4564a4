import { SlaChangedDocument, type SlaChangedSubscription } from '@/api/generated'
import { feed, type Following } from '@/api/live'
import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { type SlaDetail, slaKeys, type SlaLine } from './slaQueries'

type Changed = SlaChangedSubscription['slaChanged']

/** A burst of changes becomes one rendering. */
const gatherFor = 300
/** Counts and pages are asked for anew at most this often while promises change. */
const askEvery = 1_500
/** So long after a connection stands the gateway tells of changes for sure. */
const tellsAfter = 2_000
/** An answer that was on its way while something changed does not know of it: what is younger is merged again. */
const recentFor = 15_000

/** Keeps everything shown about promises up to date. */
export function followSlas(client: QueryClient): Following {
  const waiting = new Map<string, Changed>()
  const recent = new Map<string, { changed: Changed; at: number }>()
  const changedSlas = new Set<string>()
  let flushTimer: number | undefined
  let askTimer: number | undefined
  let connectedTimer: number | undefined

  const flush = (): void => {
    flushTimer = undefined
    const now = Date.now()
    for (const [id, { at }] of recent) if (now - at > recentFor) recent.delete(id)
    for (const changed of waiting.values()) {
      recent.set(changed.id, { changed, at: now })
      changedSlas.add(changed.sla.id)
    }
    const isKnown = mergeInto(client, [...waiting.values()])
    waiting.clear()
    if (!isKnown) void client.invalidateQueries({ queryKey: slaKeys.list })
    askTimer ??= window.setTimeout(askAnew, askEvery)
  }
  const askAnew = (): void => {
    askTimer = undefined
    void askFor(client, slaKeys.danger)
    for (const key of detailsOf(client, changedSlas)) void askFor(client, key)
    changedSlas.clear()
  }
  const stopWatching = client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    const [what, how] = event.query.queryKey as QueryKey
    const isList = what === 'slas' && how === 'list'
    if (isList && recent.size > 0) {
      mergeInto(
        client,
        [...recent.values()].map(({ changed }) => changed),
      )
    }
  })
  return {
    feed: feed(SlaChangedDocument, {}, ({ slaChanged }) => {
      waiting.set(slaChanged.id, slaChanged)
      flushTimer ??= window.setTimeout(flush, gatherFor)
    }),
    onConnected: () => {
      window.clearTimeout(connectedTimer)
      connectedTimer = window.setTimeout(
        () => void client.invalidateQueries({ queryKey: slaKeys.all }),
        tellsAfter,
      )
    },
    stop: () => {
      stopWatching()
      for (const timer of [flushTimer, askTimer, connectedTimer]) window.clearTimeout(timer)
    },
  }
}

async function askFor(client: QueryClient, queryKey: QueryKey): Promise<void> {
  // An answer that is on its way does not know of the change.
  await client.cancelQueries({ queryKey })
  await client.invalidateQueries({ queryKey })
}

/** The pages of promises: those that changed, and those of which nothing is known yet. */
function detailsOf(client: QueryClient, changed: Set<string>): QueryKey[] {
  return client
    .getQueryCache()
    .findAll({ queryKey: slaKeys.details })
    .filter(({ queryKey, state }) => {
      const shown = state.data as SlaDetail | undefined
      return queryKey.length === slaKeys.detail('').length && (!shown || changed.has(shown.id))
    })
    .map(({ queryKey }) => queryKey)
}

/** Whether all of them are about promises that the list knows; also where no list is shown. */
function mergeInto(client: QueryClient, changes: Changed[]): boolean {
  const shown = client.getQueryData<SlaLine[]>(slaKeys.list)
  if (!shown) return true
  const ids = new Set(shown.map(({ id }) => id))
  client.setQueryData<SlaLine[]>(slaKeys.list, mergeStandings(shown, changes))
  return changes.every(({ sla }) => ids.has(sla.id))
}

/** The promises with how they stand now: what was opened last counts, and of that what was judged last. */
export function mergeStandings(slas: SlaLine[], changes: Changed[]): SlaLine[] {
  const bySla = new Map<string, Changed[]>()
  for (const one of changes) bySla.set(one.sla.id, [...(bySla.get(one.sla.id) ?? []), one])
  return slas.map((sla) => {
    const current = (bySla.get(sla.id) ?? []).reduce<SlaLine['current']>(
      (standing, { sla: _, ...changed }) => (isNewer(changed, standing) ? changed : standing),
      sla.current,
    )
    return current === sla.current ? sla : { ...sla, current }
  })
}

function isNewer(changed: NonNullable<SlaLine['current']>, standing: SlaLine['current']): boolean {
  if (!standing) return true
  if (changed.id === standing.id) return Date.parse(changed.evaluatedAt) >= Date.parse(standing.evaluatedAt)
  return Date.parse(changed.opensAt) >= Date.parse(standing.opensAt)
}
