import type { KpiSeriesQuery } from '@/api/generated'
import { useStore } from '@/api/store'
import chart from '@/charts/Chart.module.css'
import { Segmented } from '@/components/Segmented'
import { zone } from '@/features/preferences/preferences'
import { useState } from 'react'
import { Area, Bar, CartesianGrid, ComposedChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { type Figure, format } from './figures'
import styles from './SeriesChart.module.css'
import { fromFirstKnown, type Point, pointsOf, stepName, ticksOf } from './series'

interface SeriesChartProps {
  figure: Figure
  steps: KpiSeriesQuery['kpiSeries']
}

/** One figure over time, as a chart or as a table. */
export function SeriesChart(props: SeriesChartProps) {
  const [look, setLook] = useState<'chart' | 'table'>('chart')
  const chosen = useStore(zone)
  const points = fromFirstKnown(pointsOf(props.figure, props.steps, chosen))
  return (
    <div className={styles.series}>
      <div className={styles.top}>
        <p className={styles.means}>{props.figure.means}</p>
        <Segmented
          label="Series as"
          value={look}
          onChange={setLook}
          options={[
            { value: 'chart', label: 'As a chart', content: 'Chart' },
            { value: 'table', label: 'As a table', content: 'Table' },
          ]}
        />
      </div>
      {look === 'chart' ? (
        <Drawing figure={props.figure} points={points} />
      ) : (
        <Table figure={props.figure} points={points} />
      )}
    </div>
  )
}

function Drawing({ figure, points }: { figure: Figure; points: Point[] }) {
  const { unit, name } = figure
  const known = points.flatMap(({ value }) => value ?? [])
  if (known.length === 0)
    return <p className={styles.none}>Nothing of the kind has happened in this window.</p>
  const ticks = ticksOf(unit, known)
  return (
    <figure className={chart.chart} role="group" aria-label={summary(figure, points)}>
      <ResponsiveContainer width="100%" height={260} initialDimension={{ width: 320, height: 260 }}>
        <ComposedChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 4 }} title={name}>
          <CartesianGrid vertical={false} />
          <XAxis dataKey="name" tickLine={false} axisLine={false} minTickGap={28} tickMargin={6} />
          <YAxis
            width={62}
            tickLine={false}
            axisLine={false}
            ticks={ticks}
            domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
            tickFormatter={(value: number) => format(unit, value)}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--border-strong)', fill: 'var(--surface-hover)' }}
            content={({ active, payload }) => {
              const point = active ? (payload[0]?.payload as Point | undefined) : undefined
              return point ? <Tip figure={figure} point={point} /> : null
            }}
          />
          {unit === 'count' ? (
            <Bar
              dataKey="value"
              fill="var(--accent)"
              radius={[3, 3, 0, 0]}
              maxBarSize={28}
              isAnimationActive={false}
            />
          ) : (
            <Area
              dataKey="value"
              stroke="var(--accent)"
              strokeWidth={2}
              fill="var(--accent-soft)"
              fillOpacity={0.55}
              // Dots would inherit how transparent the area is.
              dot={
                points.length <= 45
                  ? { r: 2.5, fill: 'var(--accent)', fillOpacity: 1, strokeWidth: 0 }
                  : false
              }
              connectNulls
              isAnimationActive={false}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  )
}

function Tip({ figure: { unit, name }, point }: { figure: Figure; point: Point }) {
  return (
    <div className={chart.tip}>
      <span>{point.whole}</span>
      <strong>
        {format(unit, point.value)} <span>{name}</span>
      </strong>
      <span>{point.beside}</span>
    </div>
  )
}

function Table({ figure, points }: { figure: Figure; points: Point[] }) {
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="Series">
      <table className={styles.table} aria-label={`${figure.name}, ${stepName(points)}`}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">{figure.name}</th>
            <th scope="col">Of</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ since, whole, value, beside }) => (
            <tr key={since}>
              <th scope="row">{whole}</th>
              <td>{format(figure.unit, value)}</td>
              <td>{beside}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function summary({ name, unit }: Figure, points: Point[]): string {
  const known = points.flatMap(({ value }) => value ?? [])
  const range = `between ${format(unit, Math.min(...known))} and ${format(unit, Math.max(...known))}`
  return `${name}, ${stepName(points)}: ${points.length} values, ${range}`
}
