import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { formatDuration, parseDuration } from '@/time/format'
import { percent } from '@/words'
import { useQuery } from '@tanstack/react-query'
import { type Figures, figuresQuery } from './pipelineParts'
import styles from './PipelineFigures.module.css'

interface Figure {
  name: string
  value: string | null
  /** What it is of */
  of?: string | undefined
  /** What the figure says, for who points at it */
  means: string
}

/** How well it has gone in the last 30 days. */
export function PipelineFigures({ pipelineId }: { pipelineId: string }) {
  const { data, error, refetch } = useQuery(figuresQuery(pipelineId))
  if (data === undefined) {
    return error ? (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={1} height={6} label="key figures" />
    )
  }
  if (data === null) return null
  return (
    <section aria-label="Key figures of the last 30 days">
      <p className={styles.caption}>Last 30 days</p>
      <dl className={styles.figures}>
        {figuresOf(data).map(({ name, value, of, means }) => (
          <div key={name} className={styles.figure} title={means}>
            <dt>{name}</dt>
            <dd>
              <span className={styles.value}>{value ?? '–'}</span>
              {of && <span className={styles.of}>{of}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function figuresOf(kpis: Figures): Figure[] {
  const due = kpis.slasMet + kpis.slasMissed
  return [
    {
      name: 'Success unaided',
      value: shareOf(kpis.unaidedSuccessRate),
      of: `of ${kpis.runs.toLocaleString('en')} ${kpis.runs === 1 ? 'run' : 'runs'}`,
      means: 'Share of runs that succeeded at once, without anybody’s help',
    },
    {
      name: 'Promises kept',
      value: shareOf(kpis.slaAdherence),
      of: due > 0 ? `${kpis.slasMet} of ${due}` : 'none came due',
      means: 'Share of the SLAs’ promises that came due and were kept',
    },
    {
      name: 'Age of data',
      value: duration(kpis.dataAge),
      of: withWord('mean', kpis.meanDataAge),
      means: 'Time since the last good run',
    },
    {
      name: 'Incidents caused',
      value: kpis.incidents.toLocaleString('en'),
      of: withWord('seen in', kpis.meanTimeToDetect),
      means: 'Incidents whose cause it was',
    },
    {
      name: 'Time to resolve',
      value: duration(kpis.meanTimeToResolve),
      of: kpis.meanTimeToResolve === null ? undefined : 'mean',
      means: 'From the failure in its system until all was well again',
    },
    {
      name: 'At work, not in queue',
      value: shareOf(kpis.computeEfficiency),
      means: 'Share of a run’s time that it ran, not waited in queue',
    },
  ]
}

function withWord(word: string, iso: string | null): string | undefined {
  const said = duration(iso)
  return said === null ? undefined : `${word} ${said}`
}

function shareOf(share: number | null): string | null {
  return share === null ? null : percent(share)
}

function duration(iso: string | null): string | null {
  const milliseconds = iso === null ? null : parseDuration(iso)
  return milliseconds === null ? null : formatDuration(Math.round(milliseconds / 1000) * 1000)
}
