import { Button } from '@/components/Button'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import runStyles from '@/features/runs/RunList.module.css'
import { useQuery } from '@tanstack/react-query'
import { Download, Handshake } from 'lucide-react'
import { useState } from 'react'
import { AdherencePanel } from './AdherencePanel'
import { saveCsv } from './csv'
import { byDanger } from './danger'
import { SlaFilters } from './SlaFilters'
import { SlaNumbers } from './SlaNumbers'
import { allSlasQuery, dangerQuery, type SlaLine } from './slaQueries'
import { slaRows } from './slaRows'
import { belongs, isFiltered, type SlaSearch } from './slaSearch'
import styles from './SlasPage.module.css'
import { SlaTable } from './SlaTable'

interface SlasPageProps {
  search: SlaSearch
  onChange: (search: SlaSearch) => void
}

/** Every promise, the most endangered first, and how they were kept. */
export function SlasPage(props: SlasPageProps) {
  const { data: slas, error, refetch } = useQuery(allSlasQuery)
  return (
    <>
      <Title />
      <h1 className={styles.heading}>SLAs</h1>
      {slas ? (
        <Promises slas={slas} {...props} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={5} height={4} label="SLAs" />
      )}
    </>
  )
}

function Title() {
  const { data } = useQuery(dangerQuery)
  const { missed = 0, atRisk = 0 } = data?.slaSummary ?? {}
  return <title>{missed + atRisk > 0 ? `(${missed + atRisk}) SLAs · Podium` : 'SLAs · Podium'}</title>
}

function Promises({ slas, ...props }: SlasPageProps & { slas: SlaLine[] }) {
  if (slas.length === 0) {
    return (
      <Panel title="Promises">
        <NothingPromised />
      </Panel>
    )
  }
  return (
    <>
      <SlaNumbers {...props} />
      <SlaList slas={slas} {...props} />
      <AdherencePanel {...props} />
    </>
  )
}

/** So many are shown at first: pictures of a thousand forecasts take their time. */
const shownAtOnce = 50

function SlaList({ slas, search, onChange }: SlasPageProps & { slas: SlaLine[] }) {
  const [shown, setShown] = useState(shownAtOnce)
  const wanted = byDanger(slas.filter((sla) => belongs(sla, search)))
  const more = wanted.length - shown
  const total = slas.length.toLocaleString('en')
  return (
    <Panel
      title="Promises"
      aside={isFiltered(search) ? `${wanted.length.toLocaleString('en')} of ${total}` : total}
      tools={
        <Button look="quiet" onPress={() => saveCsv('slas.csv', slaRows(wanted))}>
          <Download aria-hidden size={15} /> CSV
        </Button>
      }
    >
      <SlaFilters slas={slas} search={search} onChange={onChange} />
      {wanted.length === 0 ? (
        <p className={styles.none}>No SLA matches these filters. One that comes to appears here by itself.</p>
      ) : (
        <SlaTable slas={wanted.slice(0, shown)} />
      )}
      {more > 0 && (
        <div className={runStyles.more}>
          <Button onPress={() => setShown(shown + 4 * shownAtOnce)}>
            Show {Math.min(more, 4 * shownAtOnce).toLocaleString('en')} more
          </Button>
        </div>
      )}
    </Panel>
  )
}

function NothingPromised() {
  return (
    <EmptyState icon={Handshake} title="Nothing is promised yet">
      <p>
        A promise says when the result of a pipeline or dataset is there. Podium forecasts each over all
        systems, and says so before one is missed. Name the first in podium.yaml:
      </p>
      <pre className={styles.example} tabIndex={0} role="region" aria-label="An example">{`slas:
  - name: sales-by-nine
    pipeline: dagster-analytics/marts
    kind: deadline
    deadline: "09:00"
    timezone: Europe/Zurich
    calendar: business-days:CH-ZH
    objective: 0.99
    owner: sales-analytics`}</pre>
      <p>
        <code>podium plan</code> shows what that changes, <code>podium apply</code> makes it so; docs/slas.md
        has freshness, durations, success rates and what is done about a miss.
      </p>
    </EmptyState>
  )
}
