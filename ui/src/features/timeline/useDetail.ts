import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Row } from './lanes'
import { type Bar, detailQuery } from './timelineQueries'
import type { View } from './view'

/** Pipelines asked for at once. */
const most = 60

/**
 * The single runs of those shown lanes that have several in one bar, once somebody has come near enough to tell them
 * apart; undefined where all is known.
 */
export function useDetail(shown: Row[], view: View, isNear: boolean): Map<string, Bar[]> | undefined {
  const span = view.to - view.from
  // A power of two, so that a little more or less zoom asks for nothing new.
  const reach = 2 ** Math.ceil(Math.log2(span))
  const from = Math.floor(view.from / reach) * reach
  const to = Math.ceil(view.to / reach) * reach
  const pipelines = shown
    .flatMap((row) =>
      row.kind === 'lane' && row.lane.bars.some(({ runCount }) => runCount > 1) ? [row.lane.pipeline.id] : [],
    )
    .toSorted()
    .slice(0, most)
  const { data } = useQuery({
    ...detailQuery(from, to, isNear ? pipelines : []),
    placeholderData: keepPreviousData,
    select: (found) => ({ found, from, to }),
  })
  // What was read for another part of the lanes would leave out what is in sight.
  return isNear && data && data.from <= view.from && data.to >= view.to ? data.found : undefined
}
