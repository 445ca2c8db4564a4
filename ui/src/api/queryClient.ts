import { QueryClient } from '@tanstack/react-query'
import { asApiError, type ErrorCode } from './errors'
import { isLongList } from './longLists'
import { session } from './session'

/** Errors that a second attempt cannot mend. */
const final = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'QUERY_TOO_COMPLEX',
])

/** Milliseconds between two askings; none while a token is wanted, because every answer would be a refusal. */
export function pollEvery(milliseconds: number): () => number | false {
  return () => (session.get().signInRequired ? false : milliseconds)
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // The subscription brings changes within a second; this catches what a broken push would hide.
        refetchInterval: pollEvery(30_000),
        refetchOnWindowFocus: (query) => !isLongList(query),
        retry: (failures, error) => failures < 2 && !final.has(asApiError(error).code),
        retryDelay: (failures) => 400 * 2 ** failures,
        // "Offline" is what the browser guesses; a gateway on this machine or network answers all the same.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
