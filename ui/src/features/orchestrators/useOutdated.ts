import { createContext, useContext } from 'react'
import type { Outdated, OutdatedByName } from './outdated'

/** Given once for the whole page, because hundreds of rows ask for it. */
export const OutdatedContext = createContext<OutdatedByName>({})

/** Whether what is shown of an orchestrator is old; undefined where it is not, and until that is known. */
export function useOutdated(orchestrator: string): Outdated | undefined {
  return useContext(OutdatedContext)[orchestrator]
}

/** Now, or the last time that Podium got through to an orchestrator. */
export function useKnownUntil(orchestrator: string, now: number): number {
  const asOf = useOutdated(orchestrator)?.asOf
  return asOf ? Math.min(now, Date.parse(asOf)) : now
}
