import { LiveIndicator } from '@/features/connection/LiveIndicator'
import { PaletteButton } from '@/features/palette/PaletteButton'
import { ThemeSwitch, ZoneSwitch } from '@/features/preferences/Preferences'
import { SessionButton } from '@/features/session/SignIn'
import { Link } from '@tanstack/react-router'
import styles from './AppHeader.module.css'
import { PageNav } from './PageNav'

export function AppHeader() {
  return (
    <header className={styles.header}>
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
