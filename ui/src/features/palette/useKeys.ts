import { session } from '@/api/session'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { type Meaning, meaningOf, type Pressed } from './keys'
import { forgetRecent, overlay } from './paletteStore'

const fields = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]'
const covers = '[role=dialog], [role=alertdialog], [role=menu]'
const searchFields = '#main input[type=search], #main input[role=combobox]'

/** Hears the keys that hold on every page. */
export function useKeys(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let begunAt: number | null = null
    const follow = (meaning: Exclude<Meaning, null>): void => {
      if (meaning.is === 'page') void navigate({ to: meaning.to })
      else if (meaning.is === 'search') search()
      else if (meaning.is !== 'begin') overlay.set(overlay.get() === meaning.is ? null : meaning.is)
    }
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return
      const meaning = meaningOf(pressedIn(event), begunAt)
      begunAt = meaning?.is === 'begin' ? event.timeStamp : null
      if (meaning === null) return
      event.preventDefault()
      follow(meaning)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [navigate])
  // What one person has opened is not for the next one at this browser.
  useEffect(() => {
    let { token } = session.get()
    return session.subscribe(() => {
      const { token: now } = session.get()
      if (token !== null && now === null) forgetRecent()
      token = now
    })
  }, [])
}

function pressedIn({ key, ctrlKey, metaKey, altKey, target, timeStamp }: KeyboardEvent): Pressed {
  const isTyping = target instanceof HTMLElement && target.matches(fields)
  return {
    key,
    ctrlKey,
    metaKey,
    altKey,
    isTyping,
    isCovered: document.querySelector(covers) !== null,
    at: timeStamp,
  }
}

/** The page's own search box, or the palette where it has none. */
function search(): void {
  const field = document.querySelector<HTMLInputElement>(searchFields)
  if (field === null) {
    overlay.set('palette')
    return
  }
  field.focus()
  field.select()
}
