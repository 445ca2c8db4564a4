import { IncidentsLink } from '@/features/incidents/IncidentsLink'
import { SlasLink } from '@/features/slas/SlasLink'
import { Link } from '@tanstack/react-router'
import { ChevronDown } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import styles from './PageNav.module.css'

const pages = [
  { to: '/', name: 'Overview' },
  { to: '/pipelines', name: 'Pipelines' },
  { to: '/runs', name: 'Runs' },
  { to: '/dependencies', name: 'Dependencies' },
  { to: '/lineage', name: 'Lineage' },
  { to: '/kpis', name: 'Key figures' },
  { to: '/orchestrators', name: 'Orchestrators' },
] as const

/** The ways to all pages: side by side, or behind one button where there is little room. */
export function PageNav() {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isOpen) return
    const close = (event: Event): void => {
      if (
        event instanceof KeyboardEvent ? event.key === 'Escape' : !nav.current?.contains(event.target as Node)
      )
        setOpen(false)
    }
    document.addEventListener('keydown', close)
    document.addEventListener('pointerdown', close)
    return () => {
      document.removeEventListener('keydown', close)
      document.removeEventListener('pointerdown', close)
    }
  }, [isOpen])
  return (
    <nav ref={nav} aria-label="Pages" className={styles.nav}>
      <button
        type="button"
        className={styles.button}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        Pages <ChevronDown aria-hidden size={15} />
      </button>
      <ul id={id} className={styles.list} data-open={isOpen}>
        {pages.map(({ to, name }) => (
          // Beside the name, which leads there too, there is no need for it.
          <li key={to} className={to === '/' ? styles.overview : undefined}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/' }}
              className={styles.link}
              onClick={() => setOpen(false)}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
      <IncidentsLink />
      <SlasLink />
    </nav>
  )
}
