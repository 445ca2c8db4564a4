import type { RefObject } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Popover } from 'react-aria-components/Popover'
import { dayTitle, type HeatDay } from './heat'
import styles from './DayPopover.module.css'
import { JudgedTimes } from './JudgedTimes'
import { SlaBadge } from './SlaBadge'
import type { JudgedDay } from './slaQueries'
import { lateWords, reasonWords } from './slaWords'

/** Of what is judged for each run there may be hundreds on a day. */
const most = 20

interface DayPopoverProps {
  day: HeatDay
  /** The day's field in the calendar */
  field: RefObject<HTMLElement | null>
  timezone: string
  onClose: () => void
}

/** What was judged on one day, each with its run; the worst first. */
export function DayPopover({ day, field, timezone, onClose }: DayPopoverProps) {
  const more = day.evaluations.length - most
  return (
    <Popover
      triggerRef={field}
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
      placement="bottom"
      className={styles.popover ?? ''}
    >
      <Dialog className={styles.dialog ?? ''}>
        <Heading slot="title" level={3} className={styles.title ?? ''}>
          {dayTitle(day)}
        </Heading>
        {day.evaluations.length === 0 && <p>Nothing was due.</p>}
        <ul className={styles.list}>
          {day.evaluations.slice(0, most).map((one) => (
            <Evaluation key={one.id} evaluation={one} timezone={timezone} />
          ))}
        </ul>
        {more > 0 && (
          <p className={styles.small}>and {more.toLocaleString('en')} more, in the history below</p>
        )}
      </Dialog>
    </Popover>
  )
}

function Evaluation({ evaluation, timezone }: { evaluation: JudgedDay; timezone: string }) {
  const { state, reason, lateBy } = evaluation
  return (
    <li className={styles.one}>
      <span className={styles.line}>
        <SlaBadge state={state} />
        {lateBy !== null && <span>{lateWords(lateBy)} late</span>}
      </span>
      <span className={styles.small}>{reasonWords(reason)}</span>
      <JudgedTimes of={evaluation} timezone={timezone} isNarrow />
    </li>
  )
}
