import { Badge } from '@/components/Badge'
import { KindMark } from '@/features/orchestrators/KindMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { runStates } from '@/features/runs/runState'
import { Instant } from '@/time/Instant'
import { useNow } from '@/time/useNow'
import { Link } from '@tanstack/react-router'
import { CircleDashed } from 'lucide-react'
import styles from './CriticalPath.module.css'
import { type Lane, lanesOf } from './lanes'
import type { Standing } from './slaQueries'
import type { Step } from './waiting'

/** What it waits for, in order, over all systems: each step on one scale of time with the deadline. */
export function CriticalPath({ standing }: { standing: Standing }) {
  const now = useNow(15_000)
  const { lanes, due, now: present } = lanesOf(standing, now)
  return (
    <ol className={styles.steps} aria-label="Critical path">
      {standing.criticalPath.map((step, place) => (
        <li key={step.pipeline.id} className={styles.step}>
          <StepWords step={step} />
          <LanePicture lane={lanes[place] ?? null} due={due} now={present} isUnderWay={step.run !== null} />
          <Expected step={step} />
        </li>
      ))}
    </ol>
  )
}

function StepWords({ step: { pipeline, run, state } }: { step: Step }) {
  return (
    <div className={styles.words}>
      <KindMark kind={pipeline.orchestrator.kind} />
      <span className={styles.names}>
        <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }} className={styles.name}>
          <PipelineName pipeline={pipeline} />
        </Link>
        <span className={styles.under}>{pipeline.orchestrator.name}</span>
      </span>
      {run && state ? (
        <Link
          to="/runs/$runId"
          params={{ runId: run.id }}
          title={run.externalId}
          aria-label={`${runStates[state].word}: run ${run.externalId}`}
        >
          <Badge {...runStates[state]} isTurning={state === 'RUNNING'} />
        </Link>
      ) : (
        <Badge tone="neutral" icon={CircleDashed} word="Not started" />
      )}
    </div>
  )
}

interface LanePictureProps {
  lane: Lane | null
  due: number | null
  now: number | null
  isUnderWay: boolean
}

/** The times stand beside it in words. */
function LanePicture({ lane, due, now, isUnderWay }: LanePictureProps) {
  const isLate = lane !== null && due !== null && lane.end > due
  return (
    <div className={styles.lane}>
      <svg width="100%" height="100%" aria-hidden>
        {now !== null && <line className={styles.now} x1={`${now}%`} x2={`${now}%`} y1="0" y2="100%" />}
        {lane && (
          <rect
            className={styles.bar}
            data-late={isLate}
            data-waits={!isUnderWay}
            x={`${lane.start}%`}
            width={`${Math.max(lane.end - lane.start, 0.8)}%`}
            y="32%"
            height="36%"
            rx="4"
          />
        )}
        {due !== null && <line className={styles.due} x1={`${due}%`} x2={`${due}%`} y1="0" y2="100%" />}
      </svg>
    </div>
  )
}

function Expected({ step: { expectedStart, expectedEnd, run } }: { step: Step }) {
  return (
    <dl className={styles.times}>
      <div>
        <dt>{run ? 'Began' : 'Begins'}</dt>
        <dd>
          <Instant at={expectedStart} show="absolute" />
        </dd>
      </div>
      <div>
        <dt>Ends</dt>
        <dd>
          <Instant at={expectedEnd} show="absolute" />
        </dd>
      </div>
    </dl>
  )
}
