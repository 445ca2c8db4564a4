import type { IncidentLineFragment } from '@/api/generated'
import { KindMark } from '@/features/orchestrators/KindMark'
import { Elapsed } from '@/time/Elapsed'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { IncidentStateBadge, SeverityBadge } from './IncidentBadges'
import { incidentNumber } from './incidentId'
import styles from './IncidentTable.module.css'
import { countWords, signalKinds } from './incidentWords'

// The roles repeat what the elements are: on a phone the rows are laid out as cards; see RunsTable.

/** Incidents, in the order given. */
export function IncidentTable({ incidents, label }: { incidents: IncidentLineFragment[]; label: string }) {
  return (
    <table className={styles.table} role="table" aria-label={label}>
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {['Severity', 'Incident', 'State', 'Hurts', 'Owners', 'Since', 'Lasts'].map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </tbody>
    </table>
  )
}

function IncidentRow({ incident }: { incident: IncidentLineFragment }) {
  const { id, title, severity, state, cause, openedAt, resolvedAt, acknowledgedBy } = incident
  return (
    <tr role="row" className={styles.row} data-state={state}>
      <td role="cell" className={styles.severity}>
        <SeverityBadge severity={severity} />
      </td>
      <td role="cell" className={styles.what}>
        <Link to="/incidents/$incidentId" params={{ incidentId: incidentNumber(id) }} className={styles.name}>
          {title}
        </Link>
        <span className={styles.sub}>
          {cause?.orchestrator && <KindMark kind={cause.orchestrator.kind} size="small" />}
          {cause?.orchestrator && <span>{cause.orchestrator.name} ·</span>}
          <span>{cause && signalKinds[cause.kind].word}</span>
        </span>
      </td>
      <td role="cell" className={styles.state}>
        <span key={state} className={styles.changed}>
          <IncidentStateBadge state={state} />
        </span>
        {acknowledgedBy && <span className={styles.who}>by {acknowledgedBy}</span>}
      </td>
      <td role="cell" className={styles.hurts}>
        <Hurts impact={incident.impact} />
      </td>
      <td role="cell" className={styles.owners}>
        {ownerWords(incident.impact.owners)}
      </td>
      <td role="cell" className={styles.since}>
        <Instant at={openedAt} />
      </td>
      <td role="cell" className={styles.lasts}>
        <Elapsed startedAt={openedAt} endedAt={resolvedAt} isRunning={state !== 'RESOLVED'} />
      </td>
    </tr>
  )
}

function Hurts({ impact }: Pick<IncidentLineFragment, 'impact'>) {
  const counts = [
    countWords(impact.pipelines.length, 'pipeline'),
    countWords(impact.datasets.length, 'dataset'),
    countWords(impact.slas.length, 'SLA'),
  ].filter((words) => words !== '')
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
