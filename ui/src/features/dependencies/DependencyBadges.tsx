import { Badge } from '@/components/Badge'
import { CirclePause, FileCode, PowerOff, SquarePen } from 'lucide-react'
import type { Dependency, Firing } from './dependencyQueries'
import { firingStates } from './dependencyWords'

/** What keeps it from beginning anything, where something does. */
export function StoppedBadge({ isEnabled, isPaused }: Pick<Dependency, 'isEnabled' | 'isPaused'>) {
  return (
    <>
      {!isEnabled && (
        <Badge tone="neutral" icon={PowerOff} word="Off" title="Its definition says that nothing begins" />
      )}
      {isPaused && (
        <Badge tone="caution" icon={CirclePause} word="Paused" title="Somebody has stopped it for now" />
      )}
    </>
  )
}

export function OriginBadge({ origin }: Pick<Dependency, 'origin'>) {
  return origin === 'CONFIG' ? (
    <Badge tone="neutral" icon={FileCode} word="podium.yaml" title="It can only be changed in the file" />
  ) : (
    <Badge tone="odd" icon={SquarePen} word="Created in Podium" title="It can be edited here" />
  )
}

export function FiringBadge({ state, asks }: Pick<Firing, 'state' | 'asks'>) {
  const look = firingStates[state]
  return <Badge {...look} word={asks ? 'Asks' : look.word} isTurning={state === 'TRIGGERED'} />
}
