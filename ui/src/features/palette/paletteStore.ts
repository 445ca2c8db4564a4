import { createStore } from '@/api/store'

/** What is open over the page: the palette, the list of shortcuts, or nothing. */
export const overlay = createStore<'palette' | 'shortcuts' | null>(null)

/** What has just been done, where nothing else shows it. */
export const notice = createStore<string | null>(null)

const shownFor = 2_500

export function say(text: string): void {
  notice.set(text)
  window.setTimeout(() => {
    if (notice.get() === text) notice.set(null)
  }, shownFor)
}

export const isApple = /Mac|iPhone|iPad/.test(navigator.platform)
/** The palette's key, as the keyboard at hand spells it. */
export const paletteKey = isApple ? '⌘K' : 'Ctrl K'

/** Under which the browser keeps what was opened last. */
export const recentKey = 'podium.recent'

export function forgetRecent(): void {
  try {
    localStorage.removeItem(recentKey)
  } catch {
    return
  }
}
