import { useStore } from '@/api/store'
import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { zone } from '@/features/preferences/preferences'
import runStyles from '@/features/runs/RunList.module.css'
import { useNow } from '@/time/useNow'
import { useQuery } from '@tanstack/react-query'
import { Printer } from 'lucide-react'
import { figureOf } from './figures'
import { KpiCards } from './KpiCards'
import { KpiFilters } from './KpiFilters'
import { seriesQuery, type Totals, totalsQuery } from './kpiQueries'
import type { KpiSearch } from './kpiSearch'
import styles from './KpisPage.module.css'
import { windowWords } from './kpiWindow'
import { KpiTable } from './KpiTable'
import { SeriesChart } from './SeriesChart'
import { stepName, pointsOf } from './series'

interface KpisPageProps {
  search: KpiSearch
  onChange: (search: KpiSearch) => void
}

/** How well work gets done: in total, over time, and whose. */
export function KpisPage({ search, onChange }: KpisPageProps) {
  const chosen = useStore(zone)
  const { data, error, refetch, isPlaceholderData } = useQuery(totalsQuery(search, chosen))
  const now = useNow(60_000)
  return (
    <>
      <title>Key figures · Podium</title>
      <PageHeading
        title="Key figures"
        under={data && windowWords(data.span, now, chosen)}
        actions={
          <span className={styles.print}>
            <Button look="quiet" onPress={() => window.print()}>
              <Printer aria-hidden size={15} /> Print
            </Button>
          </span>
        }
      />
      <KpiFilters search={search} onChange={onChange} />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <div className={isPlaceholderData ? runStyles.outdated : undefined} aria-busy={isPlaceholderData}>
        <Course search={search} onChange={onChange} totals={data} />
      </div>
      <KpiTable search={search} onChange={onChange} />
    </>
  )
}

interface CourseProps extends KpisPageProps {
  totals: Totals | undefined
}

/** In total, and the chosen figure over time. */
function Course({ search, onChange, totals }: CourseProps) {
  const chosen = useStore(zone)
  const { data: steps, error, refetch } = useQuery(seriesQuery(search, chosen))
  const figure = figureOf(search.figure)
  if (!totals?.now) return totals ? null : <Skeleton lines={2} height={7.5} label="figures" />
  return (
    <div className={styles.course}>
      <KpiCards
        now={totals.now}
        before={totals.before}
        steps={steps}
        chosen={figure.id}
        onChoose={(id) => onChange({ ...search, figure: id })}
      />
      <Panel title={figure.name} aside={steps && stepName(pointsOf(figure, steps, chosen))}>
        {steps ? (
          <SeriesChart figure={figure} steps={steps} />
        ) : (
          <div className={runStyles.padded}>
            {error ? (
              <ErrorNotice error={error} onRetry={() => void refetch()} />
            ) : (
              <Skeleton lines={1} height={16} label="series" />
            )}
          </div>
        )}
      </Panel>
    </div>
  )
}
