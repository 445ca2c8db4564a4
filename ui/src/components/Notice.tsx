import { asApiError, type ErrorCode } from '@/api/errors'
import { askForToken } from '@/api/session'
import { CircleAlert, KeyRound, type LucideIcon, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button'
import styles from './Notice.module.css'

/** What went wrong, what can be done about it, and the way to try again. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { code, message, remedy } = asApiError(error)
  return (
    <div className={styles.notice} data-tone="bad" role="alert">
      <CircleAlert aria-hidden size={20} className={styles.icon} />
      <div className={styles.text}>
        <p className={styles.title}>{message}</p>
        <p>{withCode(remedy)}</p>
      </div>
      <WayOn code={code} onRetry={onRetry} />
    </div>
  )
}

function WayOn({ code, onRetry }: { code: ErrorCode; onRetry: (() => void) | undefined }) {
  if (code === 'UNAUTHENTICATED') {
    return (
      <Button onPress={() => askForToken(true)}>
        <KeyRound aria-hidden size={15} /> Sign in
      </Button>
    )
  }
  // A browser may not try again for what it could not fetch once.
  const retry = code === 'PART_MISSING' ? () => location.reload() : onRetry
  return (
    retry && (
      <Button onPress={retry}>
        <RotateCw aria-hidden size={15} /> {code === 'PART_MISSING' ? 'Reload the page' : 'Retry'}
      </Button>
    )
  )
}

interface EmptyStateProps {
  icon: LucideIcon
  title: string
  /** The next step, so that nobody is left before an empty page */
  children: ReactNode
}

export function EmptyState({ icon: Icon, title, children }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <Icon aria-hidden size={28} strokeWidth={1.5} className={styles.icon} />
      <p className={styles.title}>{title}</p>
      <div className={styles.text}>{children}</div>
    </div>
  )
}

/** `words` between backticks as code. */
function withCode(text: string): ReactNode {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}
