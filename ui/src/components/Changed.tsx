import type { ReactNode } from 'react'
import styles from './Changed.module.css'

/** Lights up once when `of` changes. */
export function Changed({ of, children }: { of: string | undefined; children: ReactNode }) {
  return (
    <span key={of} className={styles.changed}>
      {children}
    </span>
  )
}
