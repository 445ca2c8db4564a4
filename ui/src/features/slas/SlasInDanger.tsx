import type { SlasInDangerQuery } from '@/api/generated'
import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { AllIsWell, ShortList, ShortListItem, shortListName } from '@/components/ShortList'
import { Skeleton } from '@/components/Skeleton'
import { Instant } from '@/time/Instant'
import { useNow } from '@/time/useNow'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { percent } from '@/words'
import { byDanger } from './danger'
import { Risk } from './Risk'
import { SlaBadge } from './SlaBadge'
import { dangerQuery, type InDanger } from './slaQueries'
import styles from './SlasInDanger.module.css'
import { lateWords } from './slaWords'

/** So many are named on the overview. */
const most = 5

/** Promises at risk or missed, on the overview: one line where there is none, nothing where nothing is promised. */
export function SlasInDanger() {
  const { data, error, refetch } = useQuery(dangerQuery)
  if (data) return data.slaSummary.total === 0 ? null : <Danger danger={data} />
  return error ? (
    <ErrorNotice error={error} onRetry={() => void refetch()} />
  ) : (
    <Skeleton lines={1} label="SLAs" />
  )
}

function Danger({ danger: { slaSummary, slas } }: { danger: SlasInDangerQuery }) {
  const { missed, atRisk, total, adherence } = slaSummary
  const count = missed + atRisk
  if (count === 0) {
    return (
      <AllIsWell>
        All {total === 1 ? 'that is promised' : `${total.toLocaleString('en')} promises`}{' '}
        {total === 1 ? 'is' : 'are'} on track.
        {adherence !== null && ` ${percent(adherence)} kept over 30 days.`}
        <Link to="/slas">SLAs</Link>
      </AllIsWell>
    )
  }
  const enabled = slas.edges.map(({ node }) => node).filter(({ isEnabled }) => isEnabled)
  const shown = byDanger(enabled).slice(0, most)
  const more = count - shown.length
  return (
    <Panel title="SLAs in danger" aside={count.toLocaleString('en')} tools={<Link to="/slas">All SLAs</Link>}>
      <ShortList
        more={
          more > 0 && (
            <Link to="/slas" search={{ state: ['MISSED', 'AT_RISK'] }}>
              and {more.toLocaleString('en')} more
            </Link>
          )
        }
      >
        {shown.map((sla) => (
          <SlaInDanger key={sla.id} sla={sla} />
        ))}
      </ShortList>
    </Panel>
  )
}

function SlaInDanger({ sla }: { sla: InDanger }) {
  const { name, targetName, owner, current } = sla
  return (
    <ShortListItem
      badge={<SlaBadge state={current?.state ?? null} />}
      aside={<span>{current && <How standing={current} />}</span>}
    >
      <Link to="/slas/$slaName" params={{ slaName: name }} className={shortListName}>
        {name}
      </Link>
      <span className={styles.target}>{[targetName, owner].filter(Boolean).join(' · ')}</span>
    </ShortListItem>
  )
}

/** How late it is, was, or may be. */
function How({ standing }: { standing: NonNullable<InDanger['current']> }) {
  const { state, lateBy, dueAt, breachProbability } = standing
  const now = useNow(60_000)
  if (lateBy !== null) return <>{lateWords(lateBy)} late</>
  // A share of runs is missed long before its window ends.
  const isAhead = state === 'MISSED' && dueAt !== null && Date.parse(dueAt) > now
  return (
    <>
      {state === 'AT_RISK' && breachProbability !== null && (
        <>
          <Risk standing={standing} /> ·{' '}
        </>
      )}
      {isAhead ? 'window ends' : 'due'} <Instant at={dueAt} show="relative" />
    </>
  )
}
