import { CardTable, Cell, recordName, recordSub, Row, Rows } from '@/components/CardTable'
import { Changed } from '@/components/Changed'
import { KindMark } from '@/features/orchestrators/KindMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { Instant } from '@/time/Instant'
import { Link } from '@tanstack/react-router'
import { Database } from 'lucide-react'
import { ForecastPicture, margin } from './ForecastPicture'
import { SlaBadge } from './SlaBadge'
import type { SlaLine, Standing } from './slaQueries'
import styles from './SlaTable.module.css'
import { chance, lateWords, percent, slaKinds } from './slaWords'

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
      <Rows>
        {slas.map((sla) => (
          <SlaRow key={sla.id} sla={sla} />
        ))}
      </Rows>
    </CardTable>
  )
}

function SlaRow({ sla }: { sla: SlaLine }) {
  const { name, owner, kind, current, timezone, isEnabled } = sla
  return (
    <Row>
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
      <Cell area="waits">{current ? <WaitsFor standing={current} /> : <None />}</Cell>
      <Cell area="kept" className={styles.kept}>
        <Kept sla={sla} />
      </Cell>
    </Row>
  )
}

/** What it is about, with the mark of where it is. */
export function Target({ sla }: { sla: SlaLine }) {
  const { pipeline, dataset, targetName } = sla
  if (!pipeline) {
    return (
      <span className={recordSub} title={targetName}>
        {dataset && <Database aria-hidden size={13} className={styles.mark} />}
        <span className={styles.target}>{dataset?.name ?? targetName}</span>
      </span>
    )
  }
  const { orchestrator } = pipeline
  return (
    <span className={recordSub}>
      <KindMark kind={orchestrator.kind} size="small" />
      <span className={styles.target}>
        <span>{orchestrator.name} /</span>
        <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }}>
          <PipelineName pipeline={pipeline} />
        </Link>
      </span>
    </span>
  )
}

function None() {
  return <span className={styles.none}>–</span>
}

function Forecast({ sla, standing }: { sla: SlaLine; standing: Standing }) {
  const { measured, completedAt, dueAt, breachProbability, predictedAt, predictedLow, lateBy } = standing
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
        {predictedAt === null ? 'no end in sight' : <Instant at={predictedAt} show="relative" />}
        {breachProbability !== null && (
          <span data-tone={toneOf(breachProbability)} className={styles.chance}>
            {chance(breachProbability)} late
          </span>
        )}
      </span>
    </>
  )
}

function toneOf(probability: number): string {
  if (probability >= 0.7) return 'bad'
  return probability >= 0.35 ? 'caution' : 'good'
}

/** The first step of the critical path. */
function WaitsFor({ standing }: { standing: Standing }) {
  const [first, ...others] = standing.criticalPath
  if (!first || standing.completedAt !== null) return <None />
  const { pipeline, state, run } = first
  return (
    <>
      <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }} className={styles.first}>
        <KindMark kind={pipeline.orchestrator.kind} size="small" />
        <span>
          <PipelineName pipeline={pipeline} />
        </span>
      </Link>
      <span className={styles.small}>
        {run ? (state ?? 'running').toLowerCase() : 'not begun'}
        {others.length > 0 && `, then ${others.length} more`}
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
          {errorBudgetLeft < 0 ? 'budget overspent' : `${percent(errorBudgetLeft)} budget left`}
        </span>
      )}
    </>
  )
}
