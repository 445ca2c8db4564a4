import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { columnQuery, type DatasetDetail } from './lineageQueries'
import styles from './NodePanel.module.css'
import { trailOf, type TrailStep } from './columnTrail'

interface ColumnListProps {
  dataset: DatasetDetail
  column: string | undefined
  asOf: string | undefined
  onColumn: (name: string | undefined) => void
}

/** The columns; one of them tells what it is made from and what it goes into. */
export function ColumnList({ dataset, column, asOf, onColumn }: ColumnListProps) {
  if (dataset.fields.length === 0) return null
  return (
    <section className={styles.part}>
      <h3>
        Columns <span className={styles.quiet}>{dataset.fields.length}</span>
      </h3>
      <ul className={styles.fields}>
        {dataset.fields.map(({ name, type, description }) => {
          const isOpen = name === column
          return (
            <li key={name}>
              <button
                type="button"
                className={styles.field}
                aria-expanded={isOpen}
                title={description ?? undefined}
                onClick={() => onColumn(isOpen ? undefined : name)}
              >
                <ChevronRight aria-hidden size={14} className={styles.chevron} />
                <span className={styles.column}>{name}</span>
                {type && <code className={styles.type}>{type}</code>}
              </button>
              {isOpen && <Trail dataset={dataset} column={name} asOf={asOf} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

type TrailProps = Pick<ColumnListProps, 'dataset' | 'asOf'> & { column: string }

function Trail({ dataset, column, asOf }: TrailProps) {
  const { data, error, refetch } = useQuery(columnQuery(dataset, column, asOf))
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={2} height={1.25} label={column} />
  const { made, goes } = trailOf(data, dataset.id, column)
  if (made.length + goes.length === 0)
    return <p className={styles.trail}>No event {asOf === undefined ? 'has' : 'had'} told of its lineage.</p>
  return (
    <div className={styles.trail}>
      <Steps title="Made from" steps={made} />
      <Steps title="Goes into" steps={goes} />
      {data.truncated && <p>There is more than is shown.</p>}
    </div>
  )
}

function Steps({ title, steps }: { title: string; steps: TrailStep[] }) {
  if (steps.length === 0) return null
  return (
    <>
      <h4>{title}</h4>
      <ul>
        {steps.map(({ id, field, dataset, how, away }) => (
          <li key={id}>
            <strong>{field}</strong> <span className={styles.quiet}>of {dataset}</span>
            {how && <span className={styles.how}>{how}</span>}
            {away > 1 && <span className={styles.quiet}> · {away} jobs away</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
