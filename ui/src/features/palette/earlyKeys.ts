import { overlay } from './paletteStore'

/** What was typed since the palette was called, before its field had the focus. */
let typed = ''

/** Keeps what is typed from now on, from everything else on the page, until it is taken or the palette is closed. */
function follow(): void {
  typed = ''
  if (overlay.get() === 'palette') window.addEventListener('keydown', onKey, { capture: true })
  else window.removeEventListener('keydown', onKey, { capture: true })
}

overlay.subscribe(follow)

/** What was typed, and whether Enter ended it; from here on the palette hears the keys itself. */
export function takeEarlyKeys(): { text: string; isEntered: boolean } {
  window.removeEventListener('keydown', onKey, { capture: true })
  const [text = '', ...rest] = typed.split('\n')
  typed = ''
  return { text, isEntered: rest.length > 0 }
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const next = after(typed, event.key)
  if (next === null && event.key !== 'Escape') return
  event.preventDefault()
  event.stopPropagation()
  if (next === null) overlay.set(null)
  else typed = next
}

/** What stands there after a key; null where the key writes nothing. */
function after(before: string, key: string): string | null {
  if (key === 'Backspace') return before.slice(0, -1)
  if (key === 'Enter') return before + '\n'
  return key.length === 1 ? before + key : null
}
