import { EmptyState, ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { IncidentLine } from '@/features/incidents/IncidentLine'
import { incidentNumber } from '@/features/incidents/incidentId'
import { Elapsed } from '@/time/Elapsed'
import { useQuery } from '@tanstack/react-query'
import { Hourglass } from 'lucide-react'
import { percent } from '@/words'
import { CriticalPath } from './CriticalPath'
import { ForecastChart } from './ForecastChart'
import { JudgedTimes } from './JudgedTimes'
import { KeptPanel } from './KeptPanel'
import { SlaActions } from './SlaActions'
import { SlaBadge } from './SlaBadge'
import { SlaCalendar } from './SlaCalendar'
import { SlaFacts } from './SlaFacts'
import { SlaHistory } from './SlaHistory'
import { type SlaDetail, slaIncidentsQuery, slaQuery } from './slaQueries'
import styles from './SlaPage.module.css'
import { slaStates } from './slaStates'
import { lateWords, promiseWords, reasonWords } from './slaWords'
import { Target } from './Target'

/** One promise: how it stands, what it waits for, and how it was kept. */
export function SlaPage({ name }: { name: string }) {
  const { data, error, refetch } = useQuery(slaQuery(name))
  if (data) return <SlaDetails sla={data} />
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return <Skeleton lines={5} height={4} label="SLA" />
}

function SlaDetails({ sla }: { sla: SlaDetail }) {
  const { name, current, isEnabled } = sla
  const state = current?.state ?? 'PENDING'
  return (
    <>
      <title>{`${name} · ${slaStates[state].word.toLowerCase()} · Podium`}</title>
      <PageHeading
        title={name}
        badge={<SlaBadge state={current?.state ?? null} isEnabled={isEnabled} />}
        under={<Target sla={sla} />}
      />
      <p className={styles.promise}>{promiseWords(sla)}</p>
      <OpenIncident slaId={sla.id} />
      <div className={styles.columns}>
        <div className={styles.side}>
          <Panel title="Now" aside={current?.key}>
            <Standing sla={sla} />
          </Panel>
          {current && current.completedAt === null && current.criticalPath.length > 0 && (
            <Panel title="Critical path" aside={current.criticalPath.length}>
              <CriticalPath standing={current} />
            </Panel>
          )}
          <SlaCalendar sla={sla} />
          <SlaHistory name={name} kind={sla.kind} timezone={sla.timezone} />
        </div>
        <div className={styles.side}>
          <KeptPanel sla={sla} />
          <Panel title="Promise">
            <SlaFacts sla={sla} />
          </Panel>
          <SlaActions sla={sla} />
        </div>
      </div>
    </>
  )
}

/** The current evaluation, with its reason in words. */
function Standing({ sla }: { sla: SlaDetail }) {
  const { current, timezone, kind } = sla
  if (!current) {
    return (
      <EmptyState icon={Hourglass} title="Not judged yet">
        <p>
          {sla.pipeline || sla.dataset
            ? 'It is judged when its time begins.'
            : `No orchestrator lists ${sla.targetName} yet, and no event has told of it.`}
        </p>
      </EmptyState>
    )
  }
  const { reason, lateBy, measured } = current
  return (
    <div className={styles.standing}>
      <p className={styles.reason}>
        {reasonWords(reason)}
        {kind === 'SUCCESS_RATE' && measured !== null && `: ${percent(measured)}`}
        {lateBy !== null && `, ${lateWords(lateBy)} late`}.
        <Overdue sla={sla} />
      </p>
      <JudgedTimes of={current} timezone={timezone} />
      <ForecastChart standing={current} />
    </div>
  )
}

/** For how long it has been too late for what has not come. */
function Overdue({ sla: { current, kind } }: { sla: SlaDetail }) {
  if (current?.state !== 'MISSED' || current.completedAt !== null || current.isFinal) return null
  if (kind === 'SUCCESS_RATE') return null
  return (
    <span className={styles.overdue}>
      <Elapsed startedAt={current.dueAt} endedAt={null} isRunning /> overdue
    </span>
  )
}

/** Leads to what is open about it. */
function OpenIncident({ slaId }: { slaId: string }) {
  const { data = [] } = useQuery(slaIncidentsQuery)
  const its = data.filter(({ signals }) =>
    signals.some(({ sla, endedAt }) => sla?.id === slaId && endedAt === null),
  )
  return its.map(({ id, title, severity }) => (
    <IncidentLine key={id} number={incidentNumber(id)} {...{ title, severity }} />
  ))
}
