import { pollEvery } from '@/api/queryClient'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Tail } from './logLines'
import { type Attempt, logQuery } from './runQueries'

const followEvery = 3_000

interface LogWanted {
  tail: Tail
  /** The attempt goes on, and its log with it */
  isRunning: boolean
  /** The person reads its end, and not something further up that would move away */
  isAtEnd: boolean
}

/** The end of an attempt's log; read again and again while it grows and its end is looked at. */
export function useLog(runId: string, attempt: Attempt, { tail, isRunning, isAtEnd }: LogWanted) {
  const log = useQuery({
    ...logQuery(runId, attempt, tail),
    refetchInterval: isRunning && isAtEnd ? pollEvery(followEvery) : false,
    placeholderData: keepPreviousData,
  })
  const { refetch, dataUpdatedAt } = log
  const isUnfinished = useRef(isRunning)
  useEffect(() => {
    if (dataUpdatedAt > 0 && isRunning) isUnfinished.current = true
  }, [dataUpdatedAt, isRunning])
  useEffect(() => {
    // What was written between the last reading and the end is what says how it ended.
    if (isRunning || !isAtEnd || !isUnfinished.current) return
    isUnfinished.current = false
    void refetch()
  }, [isRunning, isAtEnd, refetch])
  return log
}
