import type { ReactNode } from 'react'
import styles from './PageHeading.module.css'

interface PageHeadingProps {
  title: ReactNode
  badge?: ReactNode
  under?: ReactNode
  actions?: ReactNode
}

export function PageHeading({ title, badge, under, actions }: PageHeadingProps) {
  return (
    <header className={styles.heading}>
      <div className={styles.text}>
        <div className={styles.line}>
          <h1>{title}</h1>
          {badge}
        </div>
        <div className={styles.under}>{under}</div>
      </div>
      <div className={styles.actions}>{actions}</div>
    </header>
  )
}
