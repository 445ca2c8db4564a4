import type { RunSearch } from './runFilter'

const minute = 60_000
const day = 1_440 * minute

export type TotalName = 'running' | 'queued' | 'failed' | 'succeeded'

/** A page's filters without those that a total brings itself. */
export function withoutTotals({ state: _s, after: _a, before: _b, sort: _o, ...kept }: RunSearch): RunSearch {
  return kept
}

/** What each total counts, as a search that lists the same runs. */
export function totalSearches(kept: RunSearch, now: number): Record<TotalName, RunSearch> {
  // Addresses read better with whole minutes.
  const since = Math.floor((now - day) / minute) * minute
  const after = new Date(since).toISOString().replace('.000Z', 'Z')
  return {
    running: { ...kept, state: ['RUNNING'] },
    queued: { ...kept, state: ['QUEUED'] },
    failed: { ...kept, state: ['FAILED'], after },
    succeeded: { ...kept, state: ['SUCCESS'], after },
  }
}
