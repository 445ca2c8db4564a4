import { ActionMenu } from '@/components/ActionMenu'
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
}

/** What can be done with a dependency; whoever may not is told why. */
export function DependencyActions({ dependency }: { dependency: Dependency }) {
  const [asked, setAsked] = useState<Question | null>(null)
  const acting = useActionRefusal()
  const defining = useDefinitionRefusal()
  const reason = useId()
  const shown = actionsOf(dependency)
  return (
    <div className={incidentStyles.actions}>
      <div className={incidentStyles.buttons}>
        {dependency.origin === 'API' && defining === undefined && (
          <Link
            to="/dependencies/$name/edit"
            params={{ name: dependency.name }}
            className={`${buttonStyles.button ?? ''} ${buttonStyles.primary ?? ''}`}
          >
            <Pencil aria-hidden size={15} /> Edit
          </Link>
        )}
        {shown.map(({ name, label, icon: Icon }) => (
          <Button
            key={name}
            isDisabled={acting !== undefined}
            {...(acting !== undefined && { 'aria-describedby': reason })}
            onPress={() => setAsked(name)}
          >
            <Icon aria-hidden size={15} /> {label}
          </Button>
        ))}
        {dependency.origin === 'API' && (
          <ActionMenu
            label={`More actions for ${dependency.name}`}
            actions={[
              {
                id: 'delete',
                label: 'Delete…',
                icon: Trash2,
                unavailable: defining,
                run: () => setAsked('delete'),
              },
            ]}
          />
        )}
      </div>
      {acting !== undefined && (
        <p id={reason} className={incidentStyles.reason}>
          {acting}.
        </p>
      )}
      <Asked question={asked} dependency={dependency} onClose={() => setAsked(null)} />
    </div>
  )
}

interface AskedProps {
  question: Question | null
  dependency: Dependency
  onClose: () => void
}

function Asked({ question, ...props }: AskedProps) {
  if (question === 'pause') return <PauseDialog {...props} />
  if (question === 'fire') return <FireDialog {...props} />
  if (question === 'backfill') return <BackfillDialog {...props} />
  return question === 'delete' ? <DeleteDialog {...props} /> : null
}

function actionsOf({ isPaused, keyedBy }: Dependency): Shown[] {
  const all: (Shown | false)[] = [
    { name: 'fire', label: 'Fire a key…', icon: Zap },
    isKeyedByTime(keyedBy) && { name: 'backfill', label: 'Backfill…', icon: CalendarRange },
    isPaused
      ? { name: 'pause', label: 'Resume…', icon: StepForward }
      : { name: 'pause', label: 'Pause…', icon: Pause },
  ]
  return all.filter((one) => one !== false)
}
