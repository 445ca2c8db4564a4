import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { asApiError } from '@/api/errors'
import { useState } from 'react'
import { ScrollText } from 'lucide-react'
import { countLines, logTails, moreThan, type Tail, tailWords } from './logLines'
import { Following, MoreLines, ReloadLog, TextTools } from './LogTools'
import { LogText } from './LogText'
import styles from './LogTail.module.css'
import type { Attempt } from './runQueries'
import { useLog } from './useLog'

interface LogTailProps {
  runId: string
  attempt: Attempt
  /** The attempt goes on: its log is followed */
  isRunning: boolean
}

/** The end of an attempt's log, asked from the orchestrator now. */
export function LogTail({ runId, attempt, isRunning }: LogTailProps) {
  const [tail, setTail] = useState<Tail>(logTails[0])
  const [isAtEnd, setAtEnd] = useState(true)
  const log = useLog(runId, attempt, { tail, isRunning, isAtEnd })
  const { data: text, error, isFetching } = log
  const reload = (): void => {
    setAtEnd(true)
    void log.refetch()
  }
  if (text !== undefined) {
    const shown = { attempt, isRunning, text: text ?? '', error, isFetching, tail, isAtEnd }
    return <Shown {...shown} onTail={setTail} onAtEnd={setAtEnd} onReload={reload} />
  }
  if (error) return <ErrorNotice error={error} onRetry={reload} />
  return <Skeleton lines={4} height={1.25} label="log" />
}

interface ShownProps extends Omit<LogTailProps, 'runId'> {
  text: string
  /** Why it could not be read again */
  error: Error | null
  isFetching: boolean
  tail: Tail
  onTail: (tail: Tail) => void
  isAtEnd: boolean
  onAtEnd: (isAtEnd: boolean) => void
  onReload: () => void
}

function Shown(props: ShownProps) {
  const { attempt, isRunning, text, error, isFetching, tail, isAtEnd, onAtEnd } = props
  const [isWrapped, setWrapped] = useState(true)
  const label = `Log of ${attempt.task}, attempt ${attempt.attempt}`
  const lines = countLines(text)
  return (
    <div className={styles.log}>
      {lines > 0 ? (
        <LogText {...{ text, label, isAtEnd, onAtEnd, isWrapped }} />
      ) : (
        <p className={styles.none}>{isRunning ? 'Nothing is written yet.' : 'The log is empty.'}</p>
      )}
      {error && <p className={styles.failed}>It could not be read again: {asApiError(error).message}</p>}
      <div className={styles.foot} role="group" aria-label={`${label}: tools`}>
        {lines > 0 && <span className={styles.words}>{tailWords(tail, lines)}</span>}
        {isRunning && <Following isAtEnd={isAtEnd} onFollow={() => onAtEnd(true)} />}
        <MoreLines next={moreThan(tail, lines)} isPending={isFetching} onMore={props.onTail} />
        {lines > 0 && <TextTools text={text} isWrapped={isWrapped} onWrap={setWrapped} />}
        <ReloadLog isPending={isFetching && !isRunning} onReload={props.onReload} />
      </div>
    </div>
  )
}

/** The same behind a button, where it is not what everyone has come for. */
export function LogOnDemand(props: LogTailProps) {
  const [isWanted, setWanted] = useState(false)
  return isWanted ? <LogTail {...props} /> : <ShowLog onPress={() => setWanted(true)} />
}

export function ShowLog({ onPress }: { onPress: () => void }) {
  return (
    <div>
      <Button onPress={onPress}>
        <ScrollText aria-hidden size={15} /> Show log
      </Button>
    </div>
  )
}
