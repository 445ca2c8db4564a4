import { vi } from 'vitest'

/** Waits until a check no longer throws, however busy the machine is. */
export function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000 })
}
