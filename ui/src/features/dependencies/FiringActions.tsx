import { execute } from '@/api/client'
import { CancelFiringDocument, FireDependencyDocument, RefireFiringDocument } from '@/api/generated'
import { type Action, ActionMenu } from '@/components/ActionMenu'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { useActionRefusal } from '@/features/session/permission'
import { useQueryClient } from '@tanstack/react-query'
import { Ban, RotateCcw, Zap } from 'lucide-react'
import { useState } from 'react'
import { conditionTree } from './conditionTree'
import { type Dependency, dependencyKeys, type Firing } from './dependencyQueries'
import { missingWords, whyNotAgain, whyNotCancel, whyNotNow } from './dependencyWords'

type Question = 'now' | 'again' | 'cancel'

interface FiringActionsProps {
  dependency: Dependency
  firing: Firing
}

/** What can be done about one firing; what cannot says why. */
export function FiringActions({ dependency, firing }: FiringActionsProps) {
  const [question, setQuestion] = useState<Question | null>(null)
  const refusal = useActionRefusal()
  const actions: Action[] = [
    {
      id: 'now',
      label: firing.asks ? 'Let it go…' : 'Fire now…',
      icon: Zap,
      unavailable: refusal ?? whyNotNow(firing),
      run: () => setQuestion('now'),
    },
    {
      id: 'again',
      label: 'Fire again…',
      icon: RotateCcw,
      unavailable: refusal ?? whyNotAgain(firing),
      run: () => setQuestion('again'),
    },
    {
      id: 'cancel',
      label: 'Cancel firing…',
      icon: Ban,
      unavailable: refusal ?? whyNotCancel(firing),
      run: () => setQuestion('cancel'),
    },
  ]
  return (
    <>
      <ActionMenu label={`Actions for ${firing.key}`} actions={actions} />
      {question && (
        <Confirmation
          question={question}
          dependency={dependency}
          firing={firing}
          onClose={() => setQuestion(null)}
        />
      )}
    </>
  )
}

interface ConfirmationProps extends FiringActionsProps {
  question: Question
  onClose: () => void
}

function Confirmation({ question, dependency, firing, onClose }: ConfirmationProps) {
  const queries = useQueryClient()
  const { targetName, id } = dependency
  const { key } = firing
  const after = (): Promise<void> => queries.invalidateQueries({ queryKey: dependencyKeys.all })
  if (question === 'cancel') {
    const cancel = async (): Promise<void> => {
      await execute(CancelFiringDocument, { id: firing.id })
      await after()
    }
    return (
      <ConfirmDialog
        title={`Cancel the firing for ${key}?`}
        action="Cancel firing"
        isDangerous
        onConfirm={cancel}
        onClose={onClose}
      >
        <strong>{targetName}</strong> is not started for it, also when all that it waits for is done. It can
        be fired again later. Runs that are going on go on.
      </ConfirmDialog>
    )
  }
  if (question === 'again') {
    const again = async (): Promise<void> => {
      await execute(RefireFiringDocument, { id: firing.id })
      await after()
    }
    return (
      <ConfirmDialog title={`Fire ${key} again?`} action="Fire again" onConfirm={again} onClose={onClose}>
        Podium starts a new run of <strong>{targetName}</strong> for <code>{key}</code>, without waiting for
        anything{firing.run && `, beside the run ${firing.run.externalId} that it has started before`}.
      </ConfirmDialog>
    )
  }
  const now = async (): Promise<void> => {
    await execute(FireDependencyDocument, { id, key })
    await after()
  }
  const missing = missingWords(conditionTree(dependency), firing)
  return (
    <ConfirmDialog title={`Fire ${key} now?`} action="Fire now" onConfirm={now} onClose={onClose}>
      Podium starts a run of <strong>{targetName}</strong> for <code>{key}</code> now
      {missing && (
        <>
          , although <strong>{missing}</strong> is not done
        </>
      )}
      . What ends for this key afterwards starts no second one
      {dependency.onRerun === 'IGNORE' ? '' : ' unasked'}.
    </ConfirmDialog>
  )
}
