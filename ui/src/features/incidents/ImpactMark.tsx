import { KindMark } from '@/features/orchestrators/KindMark'
import { Database, Handshake, type LucideIcon } from 'lucide-react'
import styles from './ImpactMark.module.css'
import type { SpreadNode } from './spread'

const marks: Partial<Record<SpreadNode['what'], LucideIcon>> = { dataset: Database, sla: Handshake }

/** What kind of thing it is. */
export function SpreadMark({ node }: { node: Pick<SpreadNode, 'what' | 'orchestratorKind'> }) {
  const Icon = marks[node.what]
  if (!Icon) return <KindMark kind={node.orchestratorKind ?? ''} size="small" />
  return (
    <span className={styles.mark} aria-hidden>
      <Icon size={14} />
    </span>
  )
}
