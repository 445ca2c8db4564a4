import { contact } from '@/api/contact'
import { useStore } from '@/api/store'
import { lazy, Suspense, useEffect, useState } from 'react'
import './earlyKeys'
import styles from './PaletteHost.module.css'
import { notice, overlay } from './paletteStore'
import type { Question } from './Questions'
import { useKeys } from './useKeys'

const loadPalette = () => import('./Palette')
/** Milliseconds after which the page has come to rest, and what is likely to be wanted next may be loaded. */
const restsAfter = 3_000

const Palette = lazy(loadPalette)
const Shortcuts = lazy(() => import('./Shortcuts'))
const Questions = lazy(() => import('./Questions'))

/** Hears the keys, and shows what they open; none of that is loaded before the page itself is there. */
export function PaletteHost() {
  useKeys()
  useEffect(() => {
    // It is asked for again when it is called: a gateway that does not answer now is no news.
    const timer = window.setTimeout(() => {
      if (contact.get().phase === 'connected') void loadPalette().catch(() => null)
    }, restsAfter)
    return () => window.clearTimeout(timer)
  }, [])
  const open = useStore(overlay)
  const said = useStore(notice)
  const [question, setQuestion] = useState<Question | null>(null)
  const close = (): void => overlay.set(null)
  return (
    <>
      <p role="status" className={styles.notice}>
        {said}
      </p>
      <Suspense>
        {open === 'palette' && <Palette onClose={close} ask={setQuestion} />}
        {open === 'shortcuts' && <Shortcuts onClose={close} />}
        {question && <Questions question={question} onClose={() => setQuestion(null)} />}
      </Suspense>
    </>
  )
}
