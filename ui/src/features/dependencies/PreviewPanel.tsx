import { execute } from '@/api/client'
import { PreviewDependencyDocument } from '@/api/generated'
import { asApiError } from '@/api/errors'
import { Badge } from '@/components/Badge'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { Instant } from '@/time/Instant'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Hourglass, Zap } from 'lucide-react'
import { useEffect, useState } from 'react'
import styles from './DependencyEditor.module.css'
import { totalWords } from './previewWords'
import { type DependencyForm, faultsOf, toFaults, toInput } from './dependencyForm'

/** So many milliseconds after the last key it is asked. */
const settleAfter = 500
const shown = 30

/** What it would have fired in the past week, as it stands in the form now. Nothing is fired. */
export function PreviewPanel({ form }: { form: DependencyForm }) {
  const settled = useSettled(form)
  const isComplete = Object.keys(faultsOf(settled)).length === 0
  return (
    <Panel title="Last 7 days">
      <div className={styles.preview} aria-live="polite">
        {isComplete ? (
          <Asked form={settled} />
        ) : (
          <p>Once name, conditions and target are given, it is shown here what it would have fired.</p>
        )}
      </div>
    </Panel>
  )
}

function Asked({ form }: { form: DependencyForm }) {
  const input = toInput(form)
  const { data, error, refetch } = useQuery({
    queryKey: ['dependencies', 'preview', input],
    queryFn: async ({ signal }) =>
      (await execute(PreviewDependencyDocument, { input }, signal)).previewDependency,
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: false,
  })
  if (error && asApiError(error).code === 'BAD_USER_INPUT') {
    return <p className={styles.fault}>{Object.entries(toFaults(error)).map(words).join(' ')}</p>
  }
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return data ? <Previews previews={data} /> : <Skeleton lines={3} label="preview" />
}

function words([field, fault]: [string, string]): string {
  return field === 'form' ? fault : `${field}: ${fault}`
}

interface Preview {
  key: string
  at: string
  wouldTrigger: boolean
  reason: string
}

function Previews({ previews }: { previews: Preview[] }) {
  if (previews.length === 0) return <p>Nothing that it waits for has ended in the last 7 days.</p>
  const more = previews.length - shown
  return (
    <>
      <p className={styles.totals}>{totalWords(previews)}</p>
      <ul className={styles.previews} aria-label="What it would have fired">
        {previews
          .toReversed()
          .slice(0, shown)
          .map(({ key, at, wouldTrigger, reason }) => (
            <li key={key} className={styles.one}>
              <Badge
                tone={wouldTrigger ? 'good' : 'caution'}
                icon={wouldTrigger ? Zap : Hourglass}
                word={wouldTrigger ? 'Would fire' : 'Would wait'}
              />
              <span>
                <code>{key}</code> · <Instant at={at} show="relative" />
                <span className={styles.reason}>{reason}</span>
              </span>
            </li>
          ))}
      </ul>
      {more > 0 && <p className={styles.totals}>and {more.toLocaleString('en')} earlier ones</p>}
    </>
  )
}

function useSettled(form: DependencyForm): DependencyForm {
  const [settled, setSettled] = useState(form)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(form), settleAfter)
    return () => window.clearTimeout(timer)
  }, [form])
  return settled
}
