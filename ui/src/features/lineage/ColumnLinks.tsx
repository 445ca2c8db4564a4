import { type ColumnPicture, linkPath } from './columnPicture'
import type { Flow, Layout } from './layout'
import styles from './LineageCanvas.module.css'

interface ColumnLinksProps {
  columns: ColumnPicture | null
  layout: Layout
  flow: Flow
}

/** From column to column; what runs between stands over it. */
export function ColumnLinks({ columns, layout, flow }: ColumnLinksProps) {
  return columns?.links.map((link) => {
    const path = linkPath(link, layout, flow)
    return (
      path && (
        <g key={link.id} className={styles.column}>
          <title>{link.words}</title>
          <path className={styles.line} d={path.line} />
          <path className={styles.arrow} d={path.arrow} />
        </g>
      )
    )
  })
}
