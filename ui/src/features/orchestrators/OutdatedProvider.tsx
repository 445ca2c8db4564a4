import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { orchestratorsQuery } from './orchestratorQueries'
import { outdatedByName, type OutdatedByName } from './outdated'
import { OutdatedContext } from './useOutdated'

const none: OutdatedByName = {}

/** Tells everything below which orchestrators Podium does not get through to. */
export function OutdatedProvider({ children }: { children: ReactNode }) {
  // It stays the same object for as long as it says the same.
  const { data = none } = useQuery({ ...orchestratorsQuery, select: outdatedByName })
  return <OutdatedContext value={data}>{children}</OutdatedContext>
}
