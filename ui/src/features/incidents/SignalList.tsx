import { Button } from '@/components/Button'
import { ExternalLink } from '@/components/ExternalLink'
import { KindMark } from '@/features/orchestrators/KindMark'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { CauseRun } from './CauseRun'
import { SignalBadge } from './IncidentBadges'
import type { IncidentDetail, Signal } from './incidentQueries'
import styles from './SignalList.module.css'
import { keyIn, timesIn } from './signalTimes'
import { subjectOf } from './spread'
import { useLocalTimes } from './useLocalTimes'

const shownAtFirst = 8

/** The cause, and below it all that it explains. */
export function SignalList({ incident }: { incident: IncidentDetail }) {
  const [isWhole, setWhole] = useState(false)
  const { cause, signals } = incident
  const rest = signals.filter(({ id }) => id !== cause?.id).toSorted(byEnd)
  const more = rest.length - shownAtFirst
  return (
    <>
      {cause && <Cause signal={cause} />}
      {rest.length > 0 && (
        <ul className={styles.rest} aria-label="Explained by the root cause">
          {(isWhole ? rest : rest.slice(0, shownAtFirst)).map((signal) => (
            <Explained key={signal.id} signal={signal} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <div className={styles.more}>
          <Button look="quiet" onPress={() => setWhole(!isWhole)}>
            {isWhole ? 'Show fewer' : `Show ${more.toLocaleString('en')} more`}
          </Button>
        </div>
      )}
    </>
  )
}

/** What still is wrong before what is over. */
function byEnd(a: Signal, b: Signal): number {
  return Number(a.endedAt !== null) - Number(b.endedAt !== null)
}

/** Its message is the page's title; here stands what it is about, and the ways to look into that. */
function Cause({ signal }: { signal: Signal }) {
  const { orchestrator, run } = signal
  const { name, where } = subjectOf(signal)
  return (
    <div className={styles.cause} role="group" aria-label="Root cause">
      <p className={styles.eyebrow}>Root cause</p>
      <div className={styles.subject}>
        {orchestrator && <KindMark kind={orchestrator.kind} />}
        <div className={styles.names}>
          <p className={styles.name}>{name}</p>
          <p className={styles.when}>
            {where}
            {run && ` · run ${run.externalId}`}
          </p>
        </div>
        <div className={styles.how}>
          <SignalBadge signal={signal} />
          <span className={styles.when}>
            <Since signal={signal} />
          </span>
        </div>
      </div>
      <PromiseTimes signal={signal} />
      {run && <CauseRun runId={run.id} />}
      <div className={styles.ways}>
        <Ways signal={signal} />
      </div>
    </div>
  )
}

function Explained({ signal }: { signal: Signal }) {
  return (
    <li className={styles.signal} data-over={signal.endedAt !== null || undefined}>
      <SignalBadge signal={signal} />
      <div className={styles.names}>
        <p className={styles.message}>
          <Message signal={signal} />
        </p>
        <div className={styles.ways}>
          <span className={styles.when}>
            <Since signal={signal} />
          </span>
          <Ways signal={signal} />
        </div>
      </div>
    </li>
  )
}

/** What is wrong; about a promise with its times by the person's own clock. */
function Message({ signal }: { signal: Signal }) {
  const { sla, kind, message } = signal
  const local = useLocalTimes()
  if (!sla) return local(message)
  const key = keyIn(message)
  return (
    <>
      <strong>{sla.name}</strong> {kind === 'SLA_MISSED' ? 'missed' : 'at risk'} · {sla.targetName}
      {key !== null && ` · ${key}`}
      {timesIn(message) && ' · '}
      <PromiseTimes signal={signal} />
    </>
  )
}

/** Nothing where it is not about a promise, or that is not about a time. */
function PromiseTimes({ signal: { sla, message } }: { signal: Signal }) {
  const times = sla && timesIn(message)
  if (!times) return null
  return (
    <span>
      due <Instant at={times.dueAt} show="absolute" />
      {times.expectedAt !== null && (
        <>
          {' '}
          · expected <Instant at={times.expectedAt} show="absolute" />
        </>
      )}
    </span>
  )
}

function Since({ signal: { at, endedAt, times } }: { signal: Signal }) {
  return (
    <>
      {endedAt === null ? 'since ' : 'well again since '}
      <Instant at={endedAt ?? at} show="absolute" />
      {times > 1 && `, ${times.toLocaleString('en')} times`}
    </>
  )
}

/** Where one can look into it, here and in the orchestrator. */
function Ways({ signal }: { signal: Signal }) {
  const { run, pipeline, sla, orchestrator } = signal
  const out = wayOut(signal)
  return (
    <>
      {run && (
        <Link to="/runs/$runId" params={{ runId: run.id }}>
          Run
        </Link>
      )}
      {pipeline && (
        <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }}>
          Pipeline
        </Link>
      )}
      {sla && (
        <Link to="/slas/$slaName" params={{ slaName: sla.name }}>
          SLA
        </Link>
      )}
      {orchestrator && out && <ExternalLink href={out} label={`Open in ${orchestrator.name}`} />}
    </>
  )
}

/** As near as the orchestrator's own pages come to it. */
function wayOut({ run, pipeline, orchestrator }: Signal): string | null {
  return run?.url ?? pipeline?.url ?? orchestrator?.url ?? null
}
