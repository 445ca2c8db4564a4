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

/** Where storage is forbidden nothing is kept. */
export function keepHeight(name: string, width: number, height: number): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ ...read(), [name]: { width, height } }))
  } catch {
    return
  }
}

function read(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return typeof kept === 'object' && kept !== null ? { ...kept } : {}
  } catch {
    return {}
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { width, height } = value as Partial<Record<keyof Kept, unknown>>
  return typeof width === 'number' && typeof height === 'number' && height >= 0
}
