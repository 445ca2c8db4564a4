import { pollEvery } from '@/api/queryClient'
import { useMedia } from '@/components/useMedia'
import { allSlasQuery, dangerQuery } from '@/features/slas/slaQueries'
import { useNow } from '@/time/useNow'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Deadlines, deadlinesOf } from './deadlines'
import { viewOf, wholeLook } from './view'

/** Of more promises than these the page of SLAs tells, which shows nothing else. */
const most = 500
const none: Deadlines = new Map()

/** What is due within the last `length` milliseconds or soon; nothing where there is no room to show it. */
export function useDeadlines(length: number): Deadlines {
  const isNarrow = useMedia('(max-width: 44rem)')
  const total = useQuery(dangerQuery).data?.slaSummary.total ?? 0
  const { data: slas } = useQuery({
    ...allSlasQuery,
    enabled: !isNarrow && total > 0 && total <= most,
    // How they stand is pushed.
    refetchInterval: pollEvery(300_000),
  })
  const now = useNow(60_000)
  return useMemo(
    () => (slas && !isNarrow ? deadlinesOf(slas, viewOf(wholeLook(length), now)) : none),
    [slas, isNarrow, now, length],
  )
}
