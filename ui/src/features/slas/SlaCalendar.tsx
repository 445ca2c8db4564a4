import { ErrorNotice } from '@/components/Notice'
import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import runStyles from '@/features/runs/RunList.module.css'
import { formatDay } from '@/time/format'
import { useNow } from '@/time/useNow'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useRef, useState } from 'react'
import { DayPopover } from './DayPopover'
import { dayTitle, dayWords, type HeatDay, heatOf, moved, stretchWords } from './heat'
import styles from './SlaCalendar.module.css'
import { calendarQuery, type SlaDetail } from './slaQueries'
import { slaStates } from './slaStates'

/** How it was kept day by day over half a year. */
export function SlaCalendar({ sla }: { sla: SlaDetail }) {
  const now = useNow(60_000)
  const isOfRuns = sla.kind === 'DURATION'
  const { data, error, refetch } = useQuery(calendarQuery(sla.name, isOfRuns))
  const today = formatDay(now, sla.timezone)
  return (
    <Panel title="Day by day" aside={data && stretchWords(data, sla.timezone, isOfRuns)}>
      {data ? (
        <Heat weeks={heatOf(data, sla.timezone, today)} timezone={sla.timezone} />
      ) : (
        <div className={runStyles.padded}>
          {error ? (
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          ) : (
            <Skeleton lines={1} height={8} label="days" />
          )}
        </div>
      )}
    </Panel>
  )
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function Heat({ weeks, timezone }: { weeks: HeatDay[][]; timezone: string }) {
  const last = weeks.at(-1)?.at(-1)?.day ?? ''
  const [chosen, setChosen] = useState<string | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const grid = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLElement>(null)
  const days = weeks.flat()
  const focusable = days.some(({ day }) => day === chosen) ? chosen : last
  const openedDay = days.find(({ day }) => day === opened)
  const shown = days.find(({ day }) => day === (chosen ?? last))
  const open = (day: string): void => {
    field.current = grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`) ?? null
    setOpened(day)
  }
  const go = (event: KeyboardEvent): void => {
    if (focusable !== null && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      open(focusable)
      return
    }
    const next = focusable === null ? undefined : moved(days, focusable, event.key)
    if (!next) return
    event.preventDefault()
    grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus()
  }
  return (
    <div className={styles.heat}>
      <div ref={grid} role="grid" aria-label="Day by day" className={styles.grid} onKeyDown={go}>
        <div role="row" className={styles.months}>
          <span role="columnheader" className={styles.corner}>
            <span className="visually-hidden">Weekday</span>
          </span>
          {weeks.map((week) => (
            <span key={week[0]?.day} role="columnheader" className={styles.month}>
              {monthOf(week)}
              <span className="visually-hidden">Week of {week[0]?.day}</span>
            </span>
          ))}
        </div>
        {weekdays.map((weekday, number) => (
          <div key={weekday} role="row" className={styles.row}>
            <span role="rowheader" className={styles.weekday}>
              {weekday}
            </span>
            {weeks.map((week) => {
              const day = week[number]
              if (!day) return <span key={week[0]?.day} role="gridcell" className={styles.none} />
              return (
                <span
                  key={day.day}
                  role="gridcell"
                  tabIndex={day.day === focusable ? 0 : -1}
                  data-day={day.day}
                  data-state={day.state ?? 'NONE'}
                  className={styles.day}
                  aria-label={`${dayTitle(day)}: ${dayWords(day)}`}
                  aria-haspopup="dialog"
                  aria-expanded={day.day === opened}
                  title={`${dayTitle(day)}: ${dayWords(day)}`}
                  onClick={() => open(day.day)}
                  onFocus={() => setChosen(day.day)}
                  onPointerEnter={() => setChosen(day.day)}
                />
              )
            })}
          </div>
        ))}
      </div>
      {openedDay && (
        <DayPopover day={openedDay} field={field} timezone={timezone} onClose={() => setOpened(null)} />
      )}
      <p className={styles.shown}>
        {shown && (
          <>
            <strong>{dayTitle(shown)}</strong>: {dayWords(shown)}
          </>
        )}
      </p>
      <ul className={styles.legend} aria-label="Colours">
        {(['MET', 'MISSED', 'AT_RISK', 'ON_TRACK'] as const).map((state) => (
          <li key={state}>
            <span className={styles.day} data-state={state} /> {slaStates[state].word}
          </li>
        ))}
        <li>
          <span className={styles.day} data-state="NONE" /> Nothing due
        </li>
      </ul>
    </div>
  )
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Named above the week in which it begins. */
function monthOf(week: HeatDay[]): string {
  const first = week.find(({ day }) => day.endsWith('-01'))
  return first ? (months[Number(first.day.slice(5, 7)) - 1] ?? '') : ''
}
