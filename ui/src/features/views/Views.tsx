import buttonStyles from '@/components/Button.module.css'
import { useStore } from '@/api/store'
import { useLocation } from '@tanstack/react-router'
import { Bookmark, ChevronDown } from 'lucide-react'
import { type KeyboardEvent, lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import { isSame, type ViewPage, views } from './savedViews'
import styles from './Views.module.css'
import type { Overlay } from './ViewsOverlay'

const load = () => import('./ViewsOverlay')
const ViewsOverlay = lazy(load)

/** The saved views of a page, and the one that is shown; what they open is loaded when it is wanted. */
export function Views({ page }: { page: ViewPage }) {
  const here = useLocation({ select: ({ searchStr }) => searchStr.replace('?', '') })
  const ofPage = useStore(views).filter((view) => view.page === page)
  const current = ofPage.find(({ search }) => isSame(search, here))
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState<Overlay | null>(null)
  useFocusBack(button, open)
  const openByArrow = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    setOpen('menu')
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={current ? `Views: ${current.name}` : 'Views'}
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        className={`${buttonStyles.button ?? ''} ${styles.button ?? ''}`}
        onClick={() => setOpen('menu')}
        onKeyDown={openByArrow}
        onPointerEnter={() => void load().catch(() => null)}
      >
        <Bookmark aria-hidden size={15} fill={current ? 'currentColor' : 'none'} />
        <span className={styles.words}>{current?.name ?? 'Views'}</span>
        <ChevronDown aria-hidden size={15} className={styles.more} />
      </button>
      {open && (
        <Suspense>
          <ViewsOverlay
            {...{ page, here, current, button, open }}
            views={ofPage}
            onOpen={setOpen}
            onClose={(closed) => setOpen((now) => (now === closed ? null : now))}
          />
        </Suspense>
      )}
    </>
  )
}

/** What had the focus before a dialog, a line of the menu, is gone: it comes back to the button. */
function useFocusBack(button: RefObject<HTMLButtonElement | null>, open: Overlay | null): void {
  const last = useRef(open)
  useEffect(() => {
    if (open === null && last.current !== null && last.current !== 'menu') button.current?.focus()
    last.current = open
  }, [button, open])
}
