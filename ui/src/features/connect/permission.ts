import { meQuery } from '@/features/session/permission'
import { useQuery } from '@tanstack/react-query'

/** Why the person may not connect orchestrators; undefined where they may, and until that is known. */
export function useConnectRefusal(): string | undefined {
  const { data } = useQuery(meQuery)
  return data && data.me.role !== 'ADMIN' ? 'Only an admin’s token may connect orchestrators' : undefined
}
