import { CardTable, Cell, recordName, recordSub, Row, Rows } from '@/components/CardTable'
import { Changed } from '@/components/Changed'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { CriticalPath } from './CriticalPath'
import { percent } from '@/words'
import { ForecastPicture, margin } from './ForecastPicture'
import { PathOpener } from './PathOpener'
import { Risk } from './Risk'
import { SlaBadge } from './SlaBadge'
import type { SlaLine, Standing } from './slaQueries'
import styles from './SlaTable.module.css'
import { lateWords, slaKinds } from './slaWords'
import { Target } from './Target'
import { WaitsFor } from './WaitsFor'

const headings = [
  { title: 'State', width: 7.75 },
  'Promise',
  { title: 'Due', width: 8 },
  { title: 'Forecast', width: 18 },
  { title: 'Waits for', width: 14 },
  { title: 'Kept, 30 d', width: 9.5 },
]
const card = `
  'state due' auto
  'what what' auto
  'forecast forecast' auto
  'waits kept' auto / minmax(0, 1fr) auto`

/** Promises, in the order given. */
export function SlaTable({ slas }: { slas: SlaLine[] }) {
  return (
    <CardTable label="SLAs" headings={headings} cardsBelow={72} card={card} className={styles.table}>
      {slas.map((sla) => (
        <SlaRow key={sla.id} sla={sla} />
      ))}
    </CardTable>
  )
}

function SlaRow({ sla }: { sla: SlaLine }) {
  const [isOpen, setOpen] = useState(false)
  const path = useId()
  const { current } = sla
  const waits = current !== null && current.completedAt === null ? current : null
  return (
    <Rows>
      <Row>
        <Promised sla={sla} />
        <Cell area="waits">
          {waits && waits.criticalPath.length > 0 ? (
            <>
              <WaitsFor path={waits.criticalPath} />
              <PathOpener name={sla.name} controls={path} isOpen={isOpen} onChange={setOpen} />
            </>
          ) : (
            <None />
          )}
        </Cell>
        <Cell area="kept" className={styles.kept}>
          <Kept sla={sla} />
        </Cell>
      </Row>
      {isOpen && waits && waits.criticalPath.length > 0 && (
        <Row id={path} className={styles.path}>
          <Cell area="1 / 1 / auto / -1" colSpan={headings.length}>
            <CriticalPath standing={waits} />
          </Cell>
        </Row>
      )}
    </Rows>
  )
}

/** What it is and how it stands. */
function Promised({ sla }: { sla: SlaLine }) {
  const { name, owner, kind, current, timezone, isEnabled } = sla
  return (
    <>
      <Cell area="state">
        <Changed of={current?.state}>
          <SlaBadge state={current?.state ?? null} isEnabled={isEnabled} />
        </Changed>
      </Cell>
      <Cell area="what">
        <Link to="/slas/$slaName" params={{ slaName: name }} className={recordName}>
          {name}
        </Link>
        <span className={recordSub}>
          {slaKinds[kind]}
          {owner !== null && ` · ${owner}`}
        </span>
        <Target sla={sla} />
      </Cell>
      <Cell area="due" className={styles.due}>
        <Instant at={current?.dueAt ?? null} meantIn={timezone} />
      </Cell>
      <Cell area="forecast">{current ? <Forecast sla={sla} standing={current} /> : <None />}</Cell>
    </>
  )
}

function None() {
  return <span className={styles.none}>–</span>
}

function Forecast({ sla, standing }: { sla: SlaLine; standing: Standing }) {
  const { measured, completedAt, dueAt, predictedAt, predictedLow, lateBy } = standing
  if (sla.kind === 'SUCCESS_RATE') {
    if (measured === null) return <None />
    return (
      <span>
        {percent(measured)} <span className={styles.small}>of {percent(sla.targetRate)} promised</span>
      </span>
    )
  }
  if (completedAt !== null) {
    const by = lateBy !== null ? `${lateWords(lateBy)} late` : dueAt !== null && margin(completedAt, dueAt)
    return (
      <>
        <ForecastPicture standing={standing} />
        <span className={styles.small}>Done {by}</span>
      </>
    )
  }
  if (predictedAt === null && predictedLow === null) return <None />
  return (
    <>
      <ForecastPicture standing={standing} />
      <span className={styles.line}>
        {predictedAt === null ? (
          'No forecast of an end'
        ) : (
          <span>
            expected <Instant at={predictedAt} show="relative" />
          </span>
        )}
        <Risk standing={standing} />
      </span>
    </>
  )
}

function Kept({ sla: { adherence, objective, errorBudgetLeft } }: { sla: SlaLine }) {
  if (adherence === null) return <None />
  const isShort = objective !== null && adherence < objective
  return (
    <>
      <span className={styles.share} data-short={isShort}>
        {percent(adherence)}
        {objective !== null && <span className={styles.small}> of {percent(objective)}</span>}
      </span>
      {errorBudgetLeft !== null && (
        <span className={styles.small}>
          {errorBudgetLeft < 0 ? 'error budget used up' : `${percent(errorBudgetLeft)} budget left`}
        </span>
      )}
    </>
  )
}
