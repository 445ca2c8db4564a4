import { execute } from '@/api/client'
import { ExpireSilenceDocument, type SilenceDetailFragment } from '@/api/generated'
import { Button } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { useActionRefusal } from '@/features/session/permission'
import { Instant } from '@/time/Instant'
import { useQueryClient } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import { useId, useState } from 'react'
import { incidentKeys } from './incidentQueries'
import styles from './SilenceList.module.css'
import { matcherWords } from './silenceMatch'

/** Silences that hold now, each with the way to end it. */
export function SilenceList({ silences }: { silences: SilenceDetailFragment[] }) {
  const [ending, setEnding] = useState<SilenceDetailFragment | null>(null)
  const refusal = useActionRefusal()
  const reason = useId()
  return (
    <>
      <ul className={styles.list}>
        {silences.map((silence) => (
          <li key={silence.id} className={styles.silence}>
            <BellOff aria-hidden size={16} className={styles.icon} />
            <div className={styles.text}>
              <p className={styles.matchers}>
                {silence.matchers.map((matcher) => (
                  <code key={matcherWords(matcher)}>{matcherWords(matcher)}</code>
                ))}
              </p>
              <p className={styles.why}>
                “{silence.comment}” · by {silence.createdBy} · ends{' '}
                <Instant at={silence.endsAt} show="relative" />
              </p>
            </div>
            <Button
              isDisabled={refusal !== undefined}
              {...(refusal !== undefined && { 'aria-describedby': reason })}
              onPress={() => setEnding(silence)}
            >
              End…
            </Button>
          </li>
        ))}
      </ul>
      {refusal !== undefined && (
        <p id={reason} className={styles.reason}>
          {refusal}.
        </p>
      )}
      {ending && <EndDialog silence={ending} onClose={() => setEnding(null)} />}
    </>
  )
}

function EndDialog({ silence, onClose }: { silence: SilenceDetailFragment; onClose: () => void }) {
  const queries = useQueryClient()
  const end = async (): Promise<void> => {
    await execute(ExpireSilenceDocument, { id: silence.id })
    await queries.invalidateQueries({ queryKey: incidentKeys.all })
  }
  return (
    <ConfirmDialog title="End this silence?" action="End silence" onConfirm={end} onClose={onClose}>
      From now on receivers are told again of what it covers: {silence.matchers.map(matcherWords).join(', ')}.
      What is wrong already is told as well.
    </ConfirmDialog>
  )
}
