import { contact } from '@/api/contact'
import { useStore } from '@/api/store'
import { Instant } from '@/time/Instant'
import { CloudAlert } from 'lucide-react'
import { Button } from './Button'
import styles from './RefreshFault.module.css'

/** A query as far as this asks: what is shown may be from an answer before the last. */
export interface Refreshed {
  isRefetchError: boolean
  errorUpdatedAt: number
  refetch: () => Promise<unknown>
}

/** Above what is shown, where asking for it anew went wrong. Without a gateway a banner says so for the whole page. */
export function RefreshFault({ of }: { of: Refreshed }) {
  const { phase } = useStore(contact)
  if (!of.isRefetchError || phase !== 'connected') return null
  return (
    <p className={styles.line} role="status">
      <CloudAlert aria-hidden size={15} />
      <span>
        Could not be refreshed <Instant at={new Date(of.errorUpdatedAt).toISOString()} show="relative" />
      </span>
      <Button look="quiet" onPress={() => void of.refetch()}>
        Retry
      </Button>
    </p>
  )
}
