import { createStore } from './store'

export type Phase = 'connecting' | 'connected' | 'lost'

export interface Contact {
  phase: Phase
  /** When the gateway was last heard from, over any channel; milliseconds since the epoch. */
  lastHeardAt: number | null
}

/** After this many milliseconds without a word, what the page shows is called stale. */
export const staleAfter = 12_000

export const contact = createStore<Contact>({ phase: 'connecting', lastHeardAt: null })

export function setPhase(phase: Phase): void {
  const current = contact.get()
  if (current.phase !== phase) contact.set({ ...current, phase })
}

export function heardFromGateway(at: number = Date.now()): void {
  contact.set({ ...contact.get(), lastHeardAt: at })
}

export type Freshness = 'connecting' | 'live' | 'reconnecting' | 'stale'

/** What the indicator says of the connection at `now` (milliseconds since the epoch). */
export function freshness({ phase, lastHeardAt }: Contact, now: number): Freshness {
  if (phase === 'connected') return 'live'
  if (lastHeardAt !== null && now - lastHeardAt >= staleAfter) return 'stale'
  return phase === 'connecting' && lastHeardAt === null ? 'connecting' : 'reconnecting'
}
