import { type ReactNode, useId } from 'react'
import styles from './Panel.module.css'

interface PanelProps {
  title: string
  /** Beside the title, such as how many there are */
  aside?: ReactNode
  /** At the end of the title's row: filters, buttons */
  tools?: ReactNode
  children: ReactNode
}

/** A titled part of a page. */
export function Panel({ title, aside, tools, children }: PanelProps) {
  const id = useId()
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {aside !== undefined && <span className={styles.aside}>{aside}</span>}
        {tools && <div className={styles.tools}>{tools}</div>}
      </header>
      {children}
    </section>
  )
}
