import { KindMark } from '@/features/orchestrators/KindMark'
import { OutdatedMark } from '@/features/orchestrators/OutdatedMark'
import type { LaneGroup } from './timelineQueries'
import { groupWords } from './timelineWords'
import styles from './TimelineChart.module.css'

/** Whose lanes stand below. */
export function GroupRow({ group, orchestratorKind }: { group: LaneGroup; orchestratorKind: string }) {
  return (
    <div className={styles.group}>
      <KindMark kind={orchestratorKind} size="small" />
      <strong>{group.orchestrator}</strong>
      <span className={styles.groupWords}>{groupWords(group)}</span>
      <OutdatedMark orchestrator={group.orchestrator} />
    </div>
  )
}
