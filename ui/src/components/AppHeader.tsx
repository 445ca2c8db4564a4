import { LiveIndicator } from '@/features/connection/LiveIndicator'
import { PaletteButton } from '@/features/palette/PaletteButton'
import { ThemeSwitch, ZoneSwitch } from '@/features/preferences/Preferences'
import { SessionButton } from '@/features/session/SignIn'
import { Link } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef } from 'react'
import styles from './AppHeader.module.css'
import { PageNav } from './PageNav'

export function AppHeader() {
  const header = useRef<HTMLElement>(null)
  useTold(header)
  return (
    <header ref={header} className={styles.header}>
      {/* A link to #main would follow <base href>, not stay on this page. */}
      <button type="button" className={styles.skip} onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <div className={styles.row}>
        <Link to="/" className={styles.brand} aria-label="Podium, overview">
          <Mark /> Podium
        </Link>
        <PageNav />
        <LiveIndicator />
        <div className={styles.tools}>
          <PaletteButton />
          <ZoneSwitch />
          <ThemeSwitch />
          <SessionButton />
        </div>
      </div>
    </header>
  )
}

/** Where its parts need two rows, what stays below it while somebody scrolls has to know how high it is. */
function useTold(header: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const height = entry?.borderBoxSize[0]?.blockSize
      if (height !== undefined) document.documentElement.style.setProperty('--header-height', `${height}px`)
    })
    if (header.current) observer.observe(header.current)
    return () => observer.disconnect()
  }, [header])
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden>
      <rect width="32" height="32" rx="8" className={styles.mark} />
      <g fill="#fff">
        <rect x="6" y="16" width="6" height="9" rx="1.5" opacity=".8" />
        <rect x="13" y="8" width="6" height="17" rx="1.5" />
        <rect x="20" y="19" width="6" height="6" rx="1.5" opacity=".65" />
      </g>
    </svg>
  )
}
