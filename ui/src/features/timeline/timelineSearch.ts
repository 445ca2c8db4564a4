import type { TimelineFilter } from '@/api/generated'
import { type RunSearch, toRunFilter } from '@/features/runs/runFilter'
import { parseInstant } from '@/time/moment'

/** How much of the past is shown. */
export type Span = '24h' | '6h' | '1h'

/** The part of it that is in sight; all of it where neither is there. */
export interface Stretch {
  /** ISO 8601, in whole seconds */
  from?: string
  /** Where it stands still; without it, it goes on with the time */
  to?: string
}

/** What the timeline shows beside the overview's filters; it lives in the page's address. */
export interface TimelineSearch extends Stretch {
  span?: Span
  /** Lanes of one orchestrator do not stand together */
  lanes?: 'mixed'
}

const hour = 3_600_000
export const spans: Record<Span, number> = { '24h': 24 * hour, '6h': 6 * hour, '1h': hour }

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseTimelineSearch(search: Record<string, unknown>): TimelineSearch {
  const { span, lanes } = search
  return {
    ...(typeof span === 'string' && Object.hasOwn(spans, span) && { span: span as Span }),
    ...(lanes === 'mixed' && { lanes }),
    ...parseStretch(search),
  }
}

function parseStretch(search: Record<string, unknown>): Stretch {
  const [from, to] = [search['from'], search['to']].map(parseInstant)
  if (!from) return {}
  if (!to) return { from }
  return Date.parse(from) < Date.parse(to) ? { from, to } : {}
}

/** What the overview's filters mean for lanes; times are the timeline's own. */
export function toTimelineFilter({ state, orchestrator, q }: RunSearch): TimelineFilter {
  const { states, orchestrators, search } = toRunFilter(
    { ...(state && { state }), ...(orchestrator && { orchestrator }), ...(q && { q }) },
    null,
  )
  return { ...(states && { states }), ...(orchestrators && { orchestrators }), ...(search && { search }) }
}
