import type { RunSearch } from './runFilter'

export type TotalName = 'running' | 'queued' | 'failed' | 'succeeded'

/** A page's filters without those that a total brings itself. */
export function withoutTotals({
  state: _s,
  when: _w,
  after: _a,
  before: _b,
  sort: _o,
  ...kept
}: RunSearch): RunSearch {
  return kept
}

/** What each total counts, as a search that lists the same runs. */
export function totalSearches(kept: RunSearch): Record<TotalName, RunSearch> {
  return {
    running: { ...kept, state: ['RUNNING'] },
    queued: { ...kept, state: ['QUEUED'] },
    failed: { ...kept, state: ['FAILED'], when: '24h' },
    succeeded: { ...kept, state: ['SUCCESS'], when: '24h' },
  }
}
