import { type ReactNode, useId } from 'react'
import { type Refreshed, RefreshFault } from './RefreshFault'
import styles from './Panel.module.css'

interface PanelProps {
  title: string
  /** Where the page's heading says it all, the title is its name only */
  isUntitled?: boolean
  /** Beside the title, such as how many there are */
  aside?: ReactNode
  /** At the end of the title's row: filters, buttons */
  tools?: ReactNode
  /** Where what it shows comes from: says so when that could not be asked for anew */
  of?: Refreshed
  children: ReactNode
}

/** A titled part of a page. */
export function Panel({ title, isUntitled = false, aside, tools, of, children }: PanelProps) {
  const id = useId()
  if (isUntitled) {
    return (
      <section className={styles.panel} aria-label={title}>
        {of && <RefreshFault of={of} />}
        {children}
      </section>
    )
  }
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {aside !== undefined && <span className={styles.aside}>{aside}</span>}
        {tools && <div className={styles.tools}>{tools}</div>}
      </header>
      {of && <RefreshFault of={of} />}
      {children}
    </section>
  )
}
