import { useStore } from '@/api/store'
import { views } from '@/features/views/savedViews'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { namesQuery, runsQuery } from './findQueries'
import { grouped, isMatch, type Shown, wordsOf } from './matching'
import { pageItems } from './pageItems'
import { recentItems } from './recent'
import { useActions } from './useActions'
import { viewItems } from './viewItems'
import type { Question } from './Questions'

/** So many milliseconds after the last key the gateway is asked. */
const settleAfter = 120

export interface Answer {
  shown: Shown[]
  /** What was typed, word by word */
  words: string[]
  /** More may come */
  isLooking: boolean
  error: unknown
  retry: () => void
}

/** All that what is typed leads to: from here at once, from the gateway as soon as it answers. */
export function usePaletteItems(typed: string, ask: (question: Question) => void): Answer {
  const text = wordsOf(typed).join(' ')
  const words = wordsOf(typed)
  const settled = useSettled(text)
  const names = useQuery(namesQuery(settled))
  const runs = useQuery(runsQuery(settled))
  const { here, actions } = useActions(ask)
  const saved = viewItems(useStore(views))
  const isEmpty = text === ''
  const local = isEmpty
    ? [
        ...recentItems().map((item) => ({ ...item, group: 'Recent' as const, of: item.group })),
        ...here,
        ...saved,
        ...pageItems,
      ]
    : [...here, ...saved, ...pageItems, ...actions].filter((item) => isMatch(item, words))
  // What an earlier text has found is shown as long as it fits this one, too.
  const found = isEmpty
    ? []
    : [...(names.data ?? []), ...(runs.data ?? [])].filter((item) => isMatch(item, words))
  return {
    shown: grouped([...local, ...found]),
    words,
    isLooking: !isEmpty && (settled !== text || names.isFetching || runs.isFetching),
    error: isEmpty ? null : (names.error ?? runs.error),
    retry: () => {
      if (names.isError) void names.refetch()
      if (runs.isError) void runs.refetch()
    },
  }
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), settleAfter)
    return () => window.clearTimeout(timer)
  }, [text])
  return settled
}
