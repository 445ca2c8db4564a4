import { useOutdated } from '@/features/orchestrators/useOutdated'
import { Elapsed } from '@/time/Elapsed'

interface RunElapsedProps {
  run: { state: string; startedAt: string | null; endedAt: string | null }
  /** Whose run it is, by its name */
  orchestrator: string
}

/** How long a run, or a task's run, took or has taken as far as its orchestrator could be asked. */
export function RunElapsed({ run: { state, startedAt, endedAt }, orchestrator }: RunElapsedProps) {
  const known = useOutdated(orchestrator)
  return (
    <Elapsed
      startedAt={startedAt}
      endedAt={endedAt}
      isRunning={state === 'RUNNING'}
      {...(known && { asOf: known.asOf })}
    />
  )
}
