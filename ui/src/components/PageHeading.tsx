import type { ReactNode } from 'react'
import styles from './PageHeading.module.css'

interface PageHeadingProps {
  title: ReactNode
  /** How many there are */
  count?: number | undefined
  badge?: ReactNode
  under?: ReactNode
  actions?: ReactNode
}

export function PageHeading({ title, count, badge, under, actions }: PageHeadingProps) {
  return (
    <header className={styles.heading}>
      <div className={styles.text}>
        <div className={styles.line}>
          <h1>{title}</h1>
          {count !== undefined && <span className={styles.count}>{count.toLocaleString('en')}</span>}
          {badge}
        </div>
        {under && <div className={styles.under}>{under}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}
