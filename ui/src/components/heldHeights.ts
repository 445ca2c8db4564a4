import { keep, readKept } from '@/api/kept'

const storageKey = 'podium.heights'

/** How high a part of a page was, and how wide the window. */
interface Kept {
  width: number
  height: number
}

/** How high a part was when it was last shown in a window as wide; null where that is not known. */
export function heightOf(name: string, width: number): number | null {
  const kept = read()[name]
  return isKept(kept) && kept.width === width ? kept.height : null
}

export function keepHeight(name: string, width: number, height: number): void {
  keep(storageKey, { ...read(), [name]: { width, height } })
}

function read(): Record<string, unknown> {
  const kept = readKept(storageKey)
  return typeof kept === 'object' && kept !== null ? { ...kept } : {}
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { width, height } = value as Partial<Record<keyof Kept, unknown>>
  return typeof width === 'number' && typeof height === 'number' && height >= 0
}
