import { formatDuration, parseDuration } from '@/time/format'
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
  const { data } = useQuery(figuresQuery(pipelineId))
  if (!data) return null
  return (
    <dl className={styles.figures} aria-label="Key figures of the last 30 days">
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
  )
}

function figuresOf(kpis: Figures): Figure[] {
  const due = kpis.slasMet + kpis.slasMissed
  return [
    {
      name: 'Success unaided',
      value: percent(kpis.unaidedSuccessRate),
      of: `of ${kpis.runs.toLocaleString('en')} ${kpis.runs === 1 ? 'run' : 'runs'}`,
      means: 'Share of runs that succeeded at once, without anybody’s help',
    },
    {
      name: 'Promises kept',
      value: percent(kpis.slaAdherence),
      of: due > 0 ? `${kpis.slasMet} of ${due}` : 'none came due',
      means: 'Share of the SLAs’ promises that came due and were kept',
    },
    {
      name: 'Age of data',
      value: duration(kpis.dataAge),
      of: kpis.meanDataAge ? `mean ${duration(kpis.meanDataAge) ?? '–'}` : undefined,
      means: 'Time since the last good run',
    },
    {
      name: 'Incidents',
      value: kpis.incidents.toLocaleString('en'),
      of: kpis.meanTimeToDetect ? `seen in ${duration(kpis.meanTimeToDetect) ?? '–'}` : undefined,
      means: 'Incidents whose cause it was',
    },
    {
      name: 'Time to resolve',
      value: duration(kpis.meanTimeToResolve),
      of: 'mean',
      means: 'From the failure in its system until all was well again',
    },
    {
      name: 'At work, not in queue',
      value: percent(kpis.computeEfficiency),
      means: 'Share of a run’s time that it ran, not waited in queue',
    },
  ]
}

function percent(share: number | null): string | null {
  return share === null ? null : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`
}

function duration(iso: string | null): string | null {
  const milliseconds = iso === null ? null : parseDuration(iso)
  return milliseconds === null ? null : formatDuration(Math.round(milliseconds / 1000) * 1000)
}
