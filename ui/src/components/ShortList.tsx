import { CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './ShortList.module.css'

/** One line, where there is nothing to list. */
export function AllIsWell({ children }: { children: ReactNode }) {
  return (
    <p className={styles.well}>
      <CircleCheck aria-hidden size={17} />
      {children}
    </p>
  )
}

/** The first few of what needs a person, on the overview. */
export function ShortList({ children, more }: { children: ReactNode; more: ReactNode }) {
  return (
    <>
      <ul>{children}</ul>
      {more && <p className={styles.more}>{more}</p>}
    </>
  )
}

interface ShortListItemProps {
  badge: ReactNode
  /** What leads to its page, and what is said beside it */
  children: ReactNode
  aside: ReactNode
}

export function ShortListItem({ badge, children, aside }: ShortListItemProps) {
  return (
    <li className={styles.item}>
      {badge}
      <span className={styles.text}>{children}</span>
      <span className={styles.aside}>{aside}</span>
    </li>
  )
}

/** For the link to its page. */
export const shortListName = styles.name
