import type { ReactNode } from 'react'
import styles from './Facts.module.css'

interface FactsProps {
  facts: [string, ReactNode][]
  /** Several side by side, where there is room */
  isWide?: boolean
}

/** Names with their values; those without a value are left out. */
export function Facts({ facts, isWide = false }: FactsProps) {
  return (
    <dl className={styles.facts} data-wide={isWide || undefined}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
