import { pageOfKey, type PagePath } from './pages'

/** So many milliseconds after g, a letter still belongs to it. */
const waitsFor = 1_500

export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  /** A field has the focus: letters are what is typed */
  isTyping: boolean
  /** A dialog or menu is open: what is below it does not hear keys */
  isCovered: boolean
  at: number
}

export type Meaning =
  { is: 'palette' | 'shortcuts' | 'search' | 'begin' } | { is: 'page'; to: PagePath } | null

/** What a key means; `begunAt`: when g was pressed, as the key before. */
export function meaningOf(pressed: Pressed, begunAt: number | null): Meaning {
  const { key, at } = pressed
  if (isForPalette(pressed)) return { is: 'palette' }
  if (isElsewhere(pressed)) return null
  return begunAt !== null && at - begunAt < waitsFor ? jump(key) : (alone[key] ?? null)
}

function isForPalette({ key, ctrlKey, metaKey, altKey }: Pressed): boolean {
  return (ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k'
}

/** It is the browser's, a field's or a dialog's. */
function isElsewhere({ ctrlKey, metaKey, altKey, isTyping, isCovered }: Pressed): boolean {
  return ctrlKey || metaKey || altKey || isTyping || isCovered
}

const alone: Record<string, Meaning> = { '?': { is: 'shortcuts' }, '/': { is: 'search' }, g: { is: 'begin' } }

function jump(key: string): Meaning {
  const to = pageOfKey(key.toLowerCase())
  return to === undefined ? null : { is: 'page', to }
}
