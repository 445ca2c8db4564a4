import { createStore, type Store } from '@/api/store'
import type { Zone } from '@/time/format'

export type Theme = 'system' | 'light' | 'dark'

/** A choice that stays in this browser; where storage is forbidden it lasts as long as the page. */
function remembered<Value extends string>(key: string, allowed: readonly [Value, ...Value[]]): Store<Value> {
  const store = createStore<Value>(read(key, allowed))
  store.subscribe(() => {
    try {
      localStorage.setItem(key, store.get())
    } catch {
      return
    }
  })
  return store
}

function read<Value extends string>(key: string, allowed: readonly [Value, ...Value[]]): Value {
  try {
    const kept = localStorage.getItem(key)
    return allowed.find((value) => value === kept) ?? allowed[0]
  } catch {
    return allowed[0]
  }
}

export const theme = remembered<Theme>('podium.theme', ['system', 'light', 'dark'])
export const zone = remembered<Zone>('podium.zone', ['local', 'utc'])

/** public/theme.js does the same before the first paint. */
function showTheme(): void {
  const chosen = theme.get()
  if (chosen === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosen
}
theme.subscribe(showTheme)
