import { EmptyState } from '@/components/Notice'
import { History, SearchX } from 'lucide-react'

/** What to do where no run is shown. */
export function NoRuns({ isFilteredOut }: { isFilteredOut: boolean }) {
  if (isFilteredOut) {
    return (
      <EmptyState icon={SearchX} title="No run matches these filters">
        <p>Take a filter away, or wait: a run that matches appears here by itself.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={History} title="No runs yet">
      <p>
        Runs appear here as their orchestrators report them. Start one with{' '}
        <code>podium trigger ORCHESTRATOR/PIPELINE</code> or with a pipeline’s Trigger button.
      </p>
    </EmptyState>
  )
}
