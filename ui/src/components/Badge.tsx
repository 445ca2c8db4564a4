import type { LucideIcon } from 'lucide-react'
import styles from './Badge.module.css'

export type Tone = 'good' | 'bad' | 'active' | 'caution' | 'neutral' | 'odd' | 'worst'

interface BadgeProps {
  tone: Tone
  icon: LucideIcon
  /** Always a word: colour and icon alone do not reach everyone. */
  word: string
  /** The icon turns while something is going on */
  isTurning?: boolean
  /** It was so when last heard of */
  isDoubtful?: boolean
  title?: string | undefined
}

export function Badge({ tone, icon: Icon, word, title, ...how }: BadgeProps) {
  const { isTurning = false, isDoubtful = false } = how
  return (
    <span className={styles.badge} data-tone={tone} data-doubtful={isDoubtful || undefined} title={title}>
      <Icon aria-hidden size={14} strokeWidth={2.25} className={isTurning ? styles.turning : undefined} />
      {word}
    </span>
  )
}
