import { type Group, groups, type Item } from './items'

export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

/** Whether everything that was typed is somewhere in what is said of it. */
export function isMatch({ title, hint, words, group }: Item, wanted: string[]): boolean {
  const said = `${title} ${hint ?? ''} ${words ?? ''} ${group}`.toLowerCase()
  return wanted.every((word) => said.includes(word))
}

export interface Part {
  text: string
  isHit: boolean
}

/** A text in parts, of which those are hits that were typed. */
export function partsOf(text: string, wanted: string[]): Part[] {
  const low = text.toLowerCase()
  // Some letters are longer in small: then places do not tell anything.
  if (low.length !== text.length) return [{ text, isHit: false }]
  const hits = Array.from(text, () => false)
  for (const word of wanted) {
    for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + word.length))
      hits.fill(true, at, at + word.length)
  }
  const parts: Part[] = []
  for (let at = 0; at < text.length; at += 1) {
    const isHit = hits[at] ?? false
    const last = parts.at(-1)
    if (last?.isHit === isHit) last.text += text[at] ?? ''
    else parts.push({ text: text[at] ?? '', isHit })
  }
  return parts
}

export interface Shown {
  group: Group
  items: Item[]
}

/** In groups, each thing once. */
export function grouped(items: Item[]): Shown[] {
  const seen = new Set<string>()
  const once = items.filter(({ id }) => !seen.has(id) && seen.add(id))
  return groups
    .map((group) => ({ group, items: once.filter((item) => item.group === group) }))
    .filter((shown) => shown.items.length > 0)
}
