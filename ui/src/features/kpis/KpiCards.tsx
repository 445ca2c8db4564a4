import type { KpiSeriesQuery } from '@/api/generated'
import { ArrowDown, ArrowUp, Minus } from 'lucide-react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import { Line, LineChart, ResponsiveContainer, YAxis } from 'recharts'
import { type Change, changeOf, type Figure, type Figures, figures, format } from './figures'
import styles from './KpiCards.module.css'

interface KpiCardsProps {
  now: Figures
  before: Figures | undefined
  steps: KpiSeriesQuery['kpiSeries'] | undefined
  chosen: string
  onChoose: (id: string) => void
}

/** Every figure with its change and its course; the chosen one is in the chart. */
export function KpiCards({ now, before, steps, chosen, onChoose }: KpiCardsProps) {
  return (
    <ToggleButtonGroup
      aria-label="Figures"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const [id] = keys
        if (id !== undefined) onChoose(String(id))
      }}
      className={styles.cards ?? ''}
    >
      {figures.map((figure) => (
        <TooltipTrigger key={figure.id} delay={500}>
          <ToggleButton id={figure.id} className={styles.card ?? ''}>
            <span className={styles.name}>{figure.name}</span>
            <span className={styles.value}>{format(figure.unit, figure.of(now))}</span>
            <span className={styles.beside}>{figure.beside(now)}</span>
            <Versus change={changeOf(figure, now, before)} />
            {steps && <Course figure={figure} steps={steps} />}
          </ToggleButton>
          <Tooltip className={styles.tip ?? ''} placement="bottom">
            {figure.means}
          </Tooltip>
        </TooltipTrigger>
      ))}
    </ToggleButtonGroup>
  )
}

const arrows = { up: ArrowUp, down: ArrowDown, same: Minus }

function Versus({ change }: { change: Change | null }) {
  if (change === null) return null
  const Arrow = arrows[change.direction]
  return (
    <span className={styles.change} data-good={change.isGood ?? undefined}>
      <Arrow aria-hidden size={13} strokeWidth={2.5} />
      <span className="visually-hidden">{change.direction === 'same' ? '' : change.direction}</span>
      {change.words}
      {change.isGood !== null && (
        <span className="visually-hidden">{change.isGood ? ', better' : ', worse'}</span>
      )}
    </span>
  )
}

/** How it went, without numbers: the chart has them. */
function Course({ figure, steps }: { figure: Figure; steps: KpiSeriesQuery['kpiSeries'] }) {
  const points = steps.map(({ kpis }) => ({ value: figure.of(kpis) }))
  // One value is no course.
  if (points.filter(({ value }) => value !== null).length < 2) return null
  return (
    <span className={styles.course} aria-hidden>
      <ResponsiveContainer width="100%" height={34} initialDimension={{ width: 160, height: 34 }}>
        <LineChart data={points} accessibilityLayer={false} margin={{ top: 4, right: 3, bottom: 4, left: 3 }}>
          <YAxis hide domain={['dataMin', 'dataMax']} />
          <Line
            dataKey="value"
            stroke="var(--accent)"
            strokeWidth={1.75}
            dot={false}
            connectNulls
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </span>
  )
}
