import { execute } from '@/api/client'
import { OrchestratorsDocument } from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import { queryOptions } from '@tanstack/react-query'

/** Health has no subscription, so it is asked for. */
export const orchestratorsQuery = queryOptions({
  queryKey: ['orchestrators'],
  queryFn: async ({ signal }) => (await execute(OrchestratorsDocument, {}, signal)).orchestrators,
  refetchInterval: pollEvery(5_000),
})
