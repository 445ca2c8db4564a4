import { Button } from '@/components/Button'
import buttonStyles from '@/components/Button.module.css'
import incidentStyles from '@/features/incidents/IncidentActions.module.css'
import { useActionRefusal } from '@/features/session/permission'
import { Link } from '@tanstack/react-router'
import { CalendarRange, type LucideIcon, Pause, Pencil, StepForward, Trash2, Zap } from 'lucide-react'
import { useId, useState } from 'react'
import { BackfillDialog, DeleteDialog, FireDialog, PauseDialog } from './DependencyDialogs'
import type { Dependency } from './dependencyQueries'
import { isKeyedByTime } from './dependencyWords'
import { useDefinitionRefusal } from './permission'

type Question = 'pause' | 'fire' | 'backfill' | 'delete'

interface Shown {
  name: Question
  label: string
  icon: LucideIcon
  refusal: string | undefined
}

/** What can be done with a dependency; whoever may not is told why. */
export function DependencyActions({ dependency }: { dependency: Dependency }) {
  const [asked, setAsked] = useState<Question | null>(null)
  const acting = useActionRefusal()
  const defining = useDefinitionRefusal()
  const reason = useId()
  const shown = actionsOf(dependency, acting, defining)
  const refusal = acting ?? shown.find((one) => one.refusal !== undefined)?.refusal
  const close = (): void => setAsked(null)
  return (
    <div className={incidentStyles.actions}>
      <div className={incidentStyles.buttons}>
        {shown.map(({ name, label, icon: Icon, refusal: refused }) => (
          <Button
            key={name}
            look={name === 'fire' ? 'primary' : 'plain'}
            isDisabled={refused !== undefined}
            {...(refused !== undefined && { 'aria-describedby': reason })}
            onPress={() => setAsked(name)}
          >
            <Icon aria-hidden size={15} /> {label}
          </Button>
        ))}
        {dependency.origin === 'API' && defining === undefined && (
          <Link
            to="/dependencies/$name/edit"
            params={{ name: dependency.name }}
            className={buttonStyles.button}
          >
            <Pencil aria-hidden size={15} /> Edit
          </Link>
        )}
      </div>
      {refusal !== undefined && (
        <p id={reason} className={incidentStyles.reason}>
          {refusal}.
        </p>
      )}
      {asked === 'pause' && <PauseDialog dependency={dependency} onClose={close} />}
      {asked === 'fire' && <FireDialog dependency={dependency} onClose={close} />}
      {asked === 'backfill' && <BackfillDialog dependency={dependency} onClose={close} />}
      {asked === 'delete' && <DeleteDialog dependency={dependency} onClose={close} />}
    </div>
  )
}

function actionsOf(
  { isPaused, keyedBy, origin }: Dependency,
  acting: string | undefined,
  defining: string | undefined,
): Shown[] {
  const pause: Shown = isPaused
    ? { name: 'pause', label: 'Resume…', icon: StepForward, refusal: acting }
    : { name: 'pause', label: 'Pause…', icon: Pause, refusal: acting }
  const all: (Shown | false)[] = [
    { name: 'fire', label: 'Fire a key…', icon: Zap, refusal: acting },
    isKeyedByTime(keyedBy) && { name: 'backfill', label: 'Back-fill…', icon: CalendarRange, refusal: acting },
    pause,
    origin === 'API' && { name: 'delete', label: 'Delete…', icon: Trash2, refusal: defining },
  ]
  return all.filter((one) => one !== false)
}
