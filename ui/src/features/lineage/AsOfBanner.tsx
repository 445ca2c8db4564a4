import { useStore } from '@/api/store'
import { Button } from '@/components/Button'
import { EmptyState } from '@/components/Notice'
import { zone } from '@/features/preferences/preferences'
import { useNow } from '@/time/useNow'
import { History } from 'lucide-react'
import { momentWords } from './asOf'
import styles from './AsOf.module.css'

interface AsOfBannerProps {
  asOf: string
  /** Nothing but the start is there */
  isBare: boolean
  onNow: () => void
}

/** So that nobody takes an earlier graph for that of now. */
export function AsOfBanner({ asOf, isBare, onNow }: AsOfBannerProps) {
  const words = useWords(asOf)
  return (
    <div className={styles.banner} role="status">
      <History aria-hidden size={15} />
      <p>
        <strong>As of {words}.</strong>{' '}
        {isBare ? 'Nothing was known of its lineage yet.' : 'Health and incidents are of now.'}
      </p>
      <Button onPress={onNow}>Back to now</Button>
    </div>
  )
}

/** In place of a graph that was not there yet. */
export function NothingThen({ asOf, onNow }: Omit<AsOfBannerProps, 'isBare'>) {
  const words = useWords(asOf)
  return (
    <EmptyState icon={History} title={`As of ${words} nothing was known of it`}>
      <p>Choose a later time, or see what is known now.</p>
      <Button onPress={onNow}>Back to now</Button>
    </EmptyState>
  )
}

function useWords(asOf: string): string {
  return momentWords(asOf, useNow(1_000), useStore(zone))
}
