import { Facts } from '@/components/Facts'
import { severities } from '@/features/incidents/incidentWords'
import { percent } from '@/words'
import type { SlaDetail } from './slaQueries'
import { slaKinds, spanWords } from './slaWords'

/** As it is defined. */
export function SlaFacts({ sla }: { sla: SlaDetail }) {
  const { kind, owner, description, objective, severity, origin, daysOff, limit, window } = sla
  return (
    <Facts
      facts={[
        ['Kind', slaKinds[kind]],
        ['Owner', owner],
        ['Applies to', sla.targetName],
        ['Description', description],
        ['Deadline', sla.deadline],
        ['Limit', limit !== null && spanWords(limit)],
        ['Target rate', sla.targetRate !== null && percent(sla.targetRate)],
        ['Window', window !== null && spanWords(window)],
        ['Time zone', sla.timezone],
        ['Calendar', sla.calendar],
        ['Days off', daysOff.join(', ')],
        ['Objective', objective !== null && percent(objective)],
        ['Severity if missed', severities[severity ?? 'CRITICAL'].word.toLowerCase()],
        ['Defined in', origin === 'CONFIG' ? 'podium.yaml' : 'the API'],
      ]}
    />
  )
}
