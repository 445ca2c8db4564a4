import { meQuery } from '@/features/session/permission'
import { useQuery } from '@tanstack/react-query'

/** Why the person may not define dependencies; undefined where they may, and until that is known. */
export function useDefinitionRefusal(): string | undefined {
  const { data } = useQuery(meQuery)
  return data && data.me.role !== 'ADMIN' ? 'Only an admin’s token may define dependencies' : undefined
}
