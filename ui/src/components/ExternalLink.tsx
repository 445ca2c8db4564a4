import { ArrowUpRight } from 'lucide-react'
import styles from './ExternalLink.module.css'

interface ExternalLinkProps {
  href: string
  /** Where it leads, e.g. "Open in airflow-prod" */
  label: string
  /** Only the arrow is seen; the label is still read out */
  isCompact?: boolean
}

/** A way out into an orchestrator's own page. */
export function ExternalLink({ href, label, isCompact = false }: ExternalLinkProps) {
  if (!/^https?:/i.test(href)) return null
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className={isCompact ? styles.compact : styles.link}
      {...(isCompact && { 'aria-label': `${label} (new tab)`, title: label })}
    >
      {!isCompact && label}
      <ArrowUpRight aria-hidden size={16} />
    </a>
  )
}
