import { Facts } from '@/components/Facts'
import { ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { Elapsed } from '@/time/Elapsed'
import { Instant } from '@/time/Instant'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ImpactGraph } from './ImpactGraph'
import { ImpactLists } from './ImpactLists'
import { IncidentActions } from './IncidentActions'
import { IncidentStateBadge, SeverityBadge } from './IncidentBadges'
import { incidentNumber, toIncidentId } from './incidentId'
import { type IncidentDetail, incidentQuery, silencesQuery } from './incidentQueries'
import styles from './IncidentPage.module.css'
import { impactWords, incidentStates } from './incidentWords'
import { Notifications } from './Notifications'
import { SignalList } from './SignalList'
import { SilenceList } from './SilenceList'
import { isMatched, labelsOf } from './silenceMatch'
import { Timeline } from './Timeline'
import { useLocalTimes } from './useLocalTimes'

interface IncidentPageProps {
  /** Its number, as links in notifications have it, or its id */
  incident: string
  isAcknowledging: boolean
  onAcknowledged: () => void
}

export function IncidentPage({ incident: given, ...acknowledging }: IncidentPageProps) {
  const { data: incident, error, refetch } = useQuery(incidentQuery(toIncidentId(given)))
  if (incident) return <IncidentDetails incident={incident} {...acknowledging} />
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  return <Skeleton lines={5} height={4} label="incident" />
}

type DetailsProps = Omit<IncidentPageProps, 'incident'> & { incident: IncidentDetail }

function IncidentDetails({ incident, ...acknowledging }: DetailsProps) {
  const { id, title, state, severity, signals, timeline, notifications, impact, mergedInto } = incident
  const local = useLocalTimes()
  return (
    <>
      <title>{`${local(title)} · ${incidentStates[state].word.toLowerCase()} · Podium`}</title>
      <PageHeading
        title={local(title)}
        badge={
          <>
            <SeverityBadge severity={severity} />
            <IncidentStateBadge state={state} />
          </>
        }
        under={
          <>
            Incident {incidentNumber(id)} · <Standing incident={incident} />
            {mergedInto && (
              <>
                {' '}
                · It is a part of{' '}
                <Link to="/incidents/$incidentId" params={{ incidentId: incidentNumber(mergedInto.id) }}>
                  incident {incidentNumber(mergedInto.id)}
                </Link>{' '}
                now: {local(mergedInto.title)}
              </>
            )}
          </>
        }
        actions={<IncidentActions incident={incident} {...acknowledging} />}
      />
      <div className={styles.columns}>
        <div className={styles.side}>
          <Panel title="What is wrong" aside={signals.length > 1 ? signals.length : undefined}>
            <SignalList incident={incident} />
          </Panel>
          <Panel title="What it hurts">
            <ImpactGraph incident={incident} />
            <ImpactLists impact={impact} />
          </Panel>
        </div>
        <div className={styles.side}>
          <Panel title="Incident">
            <IncidentFacts incident={incident} />
          </Panel>
          <ItsSilences incident={incident} />
          <Panel title="Timeline" aside={timeline.length}>
            <Timeline steps={timeline} />
          </Panel>
          <Panel title="Notifications" aside={notifications.length || undefined}>
            <Notifications notifications={notifications} state={state} />
          </Panel>
        </div>
      </div>
    </>
  )
}

function Standing({ incident }: { incident: IncidentDetail }) {
  const { state, openedAt, resolvedAt, acknowledgedBy, impact } = incident
  const hurt = impactWords(impact)
  const isOver = state === 'RESOLVED'
  return (
    <span>
      {isOver ? 'lasted ' : 'open for '}
      <Elapsed startedAt={openedAt} endedAt={resolvedAt} isRunning={!isOver} />
      {acknowledgedBy !== null && !isOver && `, ${acknowledgedBy} takes care of it`}
      {hurt.length > 0 && ` · ${isOver ? 'hurt' : 'hurts'} ${hurt.join(', ')}`}
    </span>
  )
}

function IncidentFacts({ incident }: { incident: IncidentDetail }) {
  const { openedAt, acknowledgedAt, acknowledgedBy, resolvedAt, reopened, impact } = incident
  const times = reopened === 1 ? 'once' : `${reopened} times`
  return (
    <Facts
      facts={[
        ['Opened', <Instant key="opened" at={openedAt} />],
        [
          'Acknowledged',
          acknowledgedAt !== null && (
            <>
              <Instant at={acknowledgedAt} />
              <span className={styles.by}>by {acknowledgedBy}</span>
            </>
          ),
        ],
        ['Resolved', resolvedAt !== null && <Instant key="resolved" at={resolvedAt} />],
        ['Came back', reopened > 0 && times],
        ['Owners', impact.owners.join(', ')],
        ['Orchestrators', impact.orchestrators.map(({ name }) => name).join(', ')],
      ]}
    />
  )
}

/** Silences that hold now and cover something of it. */
function ItsSilences({ incident }: { incident: IncidentDetail }) {
  const { data = [] } = useQuery(silencesQuery)
  const covering = data.filter(({ matchers }) =>
    incident.signals.some(({ labels }) => isMatched(matchers, labelsOf(labels))),
  )
  if (covering.length === 0) return null
  return (
    <Panel title="Silences" aside={covering.length}>
      <SilenceList silences={covering} />
    </Panel>
  )
}
