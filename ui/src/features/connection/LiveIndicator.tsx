import { contact, type Freshness, freshness } from '@/api/contact'
import { session } from '@/api/session'
import { useStore } from '@/api/store'
import { zone } from '@/features/preferences/preferences'
import { formatInstant } from '@/time/format'
import { useNow } from '@/time/useNow'
import { CloudOff, KeyRound, LoaderCircle, Radio, type LucideIcon } from 'lucide-react'
import styles from './connection.module.css'

const looks: Record<Freshness | 'signed-out', { word: string; icon: LucideIcon; hint: string }> = {
  connecting: { word: 'Connecting…', icon: LoaderCircle, hint: 'Waiting for the gateway' },
  live: { word: 'Live', icon: Radio, hint: 'Changes appear here as they happen' },
  reconnecting: {
    word: 'Reconnecting…',
    icon: LoaderCircle,
    hint: 'The connection was lost; it is being restored',
  },
  'signed-out': { word: 'Signed out', icon: KeyRound, hint: 'The gateway asks for a token' },
  stale: { word: 'Stale', icon: CloudOff, hint: 'The gateway is silent; what you see may be out of date' },
}

/** Says at every moment how far the page can be believed. */
export function LiveIndicator() {
  const { state, since } = useFreshness()
  const { word, icon: Icon, hint } = looks[state]
  return (
    <span className={styles.indicator} data-state={state} role="status" title={hint}>
      <Icon aria-hidden size={15} />
      <span className={styles.word}>{since ? `${word} since ${since}` : word}</span>
    </span>
  )
}

/** Across the page while what it shows is stale. */
export function StaleBanner() {
  const { state, since } = useFreshness()
  if (state !== 'stale') return null
  return (
    <div className={styles.banner} role="alert">
      <CloudOff aria-hidden size={18} />
      <p>
        <strong>The gateway does not answer.</strong> You see what it said at {since}. Check that{' '}
        <code>podium serve</code> is running; this page reconnects by itself.
      </p>
    </div>
  )
}

function useFreshness(): { state: Freshness | 'signed-out'; since: string | null } {
  const current = useStore(contact)
  const now = useNow(1_000)
  const chosen = useStore(zone)
  const { signInRequired } = useStore(session)
  const state = signInRequired ? 'signed-out' : freshness(current, now)
  const isStale = state === 'stale' && current.lastHeardAt !== null
  return { state, since: isStale ? formatInstant(current.lastHeardAt ?? now, now, chosen) : null }
}
