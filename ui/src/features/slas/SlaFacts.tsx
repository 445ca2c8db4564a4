import { Facts } from '@/components/Facts'
import { severities } from '@/features/incidents/incidentWords'
import type { SlaDetail } from './slaQueries'
import { percent, slaKinds, spanWords } from './slaWords'

/** As it is defined. */
export function SlaFacts({ sla }: { sla: SlaDetail }) {
  const { kind, owner, description, objective, severity, origin, daysOff, limit, window } = sla
  return (
    <Facts
      facts={[
        ['Kind', slaKinds[kind]],
        ['Owner', owner],
        ['About', sla.targetName],
        ['Description', description],
        ['Deadline', sla.deadline],
        ['Limit', limit !== null && spanWords(limit)],
        ['Target rate', sla.targetRate !== null && percent(sla.targetRate)],
        ['Window', window !== null && spanWords(window)],
        ['Time zone', sla.timezone],
        ['Calendar', sla.calendar],
        ['Days off', daysOff.join(', ')],
        ['Objective', objective !== null && percent(objective)],
        ['Where missed', severities[severity ?? 'CRITICAL'].word.toLowerCase()],
        ['Defined in', origin === 'CONFIG' ? 'podium.yaml' : 'the API'],
      ]}
    />
  )
}
