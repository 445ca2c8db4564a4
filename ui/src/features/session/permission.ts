import { execute } from '@/api/client'
import { MeDocument, type Role } from '@/api/generated'
import { queryOptions, useQuery } from '@tanstack/react-query'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => execute(MeDocument, {}, signal),
  staleTime: 60_000,
})

export const roleWords: Record<Role, string> = { VIEWER: 'viewer', OPERATOR: 'operator', ADMIN: 'admin' }

/** Why the person may not act on orchestrators; undefined where they may, and until that is known. */
export function useActionRefusal(): string | undefined {
  const { data } = useQuery(meQuery)
  return data?.me.role === 'VIEWER' ? 'A viewer’s token may only look; ask for an operator’s' : undefined
}
