import type { IncidentLineFragment } from '@/api/generated'
import { CardTable, Cell, recordName, recordSub, Row, Rows } from '@/components/CardTable'
import { Changed } from '@/components/Changed'
import { KindMark } from '@/features/orchestrators/KindMark'
import { Elapsed } from '@/time/Elapsed'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { IncidentStateBadge, SeverityBadge } from './IncidentBadges'
import { incidentNumber } from './incidentId'
import styles from './IncidentTable.module.css'
import { impactWords, signalKinds } from './incidentWords'
import { useLocalTimes } from './useLocalTimes'

const headings = [
  { title: 'Severity', width: 7.25 },
  'Incident',
  { title: 'State', width: 9.75 },
  { title: 'Impact', width: 10 },
  { title: 'Owners', width: 11 },
  { title: 'Opened', width: 7 },
  { title: 'Duration', width: 6.5, isAtEnd: true },
]
const card = `
  'severity state lasts' auto
  'what what what' auto
  'hurts hurts since' auto
  'owners owners owners' auto / auto 1fr auto`

/** Incidents, in the order given. */
export function IncidentTable({ incidents, label }: { incidents: IncidentLineFragment[]; label: string }) {
  return (
    <CardTable label={label} headings={headings} cardsBelow={62} card={card} className={styles.table}>
      <Rows>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </Rows>
    </CardTable>
  )
}

function IncidentRow({ incident }: { incident: IncidentLineFragment }) {
  const { id, title, severity, state, cause, openedAt, resolvedAt, acknowledgedBy } = incident
  const local = useLocalTimes()
  return (
    <Row className={styles.row} data-state={state}>
      <Cell area="severity" className={styles.severity}>
        <SeverityBadge severity={severity} />
      </Cell>
      <Cell area="what">
        <Link
          to="/incidents/$incidentId"
          params={{ incidentId: incidentNumber(id) }}
          className={`${recordName ?? ''} ${styles.name ?? ''}`}
        >
          {local(title)}
        </Link>
        <span className={recordSub}>
          {cause?.orchestrator && <KindMark kind={cause.orchestrator.kind} size="small" />}
          {cause?.orchestrator && <span>{cause.orchestrator.name} ·</span>}
          <span>{cause && signalKinds[cause.kind].word}</span>
        </span>
      </Cell>
      <Cell area="state" className={styles.state}>
        <Changed of={state}>
          <IncidentStateBadge state={state} />
        </Changed>
        {acknowledgedBy && <span className={styles.who}>by {acknowledgedBy}</span>}
      </Cell>
      <Cell area="hurts" className={styles.hurts}>
        <Hurts impact={incident.impact} />
      </Cell>
      <Cell area="owners" className={styles.owners}>
        {ownerWords(incident.impact.owners)}
      </Cell>
      <Cell area="since" className={styles.since}>
        <Instant at={openedAt} />
      </Cell>
      <Cell area="lasts" isAtEnd>
        <Elapsed startedAt={openedAt} endedAt={resolvedAt} isRunning={state !== 'RESOLVED'} />
      </Cell>
    </Row>
  )
}

function Hurts({ impact }: Pick<IncidentLineFragment, 'impact'>) {
  const counts = impactWords(impact)
  if (counts.length === 0) return '–'
  return (
    <span className={styles.counts}>
      {counts.map((words) => (
        <span key={words}>{words}</span>
      ))}
    </span>
  )
}

const shownOwners = 2

function ownerWords(owners: string[]): string {
  if (owners.length === 0) return '–'
  const more = owners.length - shownOwners
  return owners.slice(0, shownOwners).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
