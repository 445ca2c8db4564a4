import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { RotateCw, ScrollText } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import styles from './LogTail.module.css'
import { type Attempt, logQuery, logTail } from './runQueries'

/** The end of an attempt's log, asked from the orchestrator when somebody wants to see it. */
export function LogTail({ runId, attempt }: { runId: string; attempt: Attempt }) {
  const [isWanted, setWanted] = useState(false)
  const log = useQuery({ ...logQuery(runId, attempt), enabled: isWanted })
  if (!isWanted) {
    return (
      <div>
        <Button onPress={() => setWanted(true)}>
          <ScrollText aria-hidden size={15} /> Show log
        </Button>
      </div>
    )
  }
  if (log.error) return <ErrorNotice error={log.error} onRetry={() => void log.refetch()} />
  if (log.isPending) return <Skeleton lines={4} height={1.25} label="log" />
  return (
    <div className={styles.log}>
      <LogText text={log.data} />
      <p className={styles.foot}>
        The last {logTail} lines at most.
        <Button look="quiet" isPending={log.isFetching} onPress={() => void log.refetch()}>
          <RotateCw aria-hidden size={15} /> Read again
        </Button>
      </p>
    </div>
  )
}

function LogText({ text }: { text: string | null }) {
  const area = useRef<HTMLPreElement>(null)
  useEffect(() => {
    // What went wrong stands at the end.
    if (area.current) area.current.scrollTop = area.current.scrollHeight
  }, [text])
  if (text === null || text.trim() === '') return <p className={styles.none}>The log is empty.</p>
  return (
    <pre ref={area} className={styles.text} tabIndex={0} role="region" aria-label="Log">
      {text}
    </pre>
  )
}
