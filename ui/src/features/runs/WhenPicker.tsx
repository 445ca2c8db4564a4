import type { Change } from '@/api/search'
import { Picker } from '@/components/Picker'
import { zone } from '@/features/preferences/preferences'
import { MomentInput } from '@/time/MomentInput'
import { useState } from 'react'
import type { RunTimes } from './runFilter'
import styles from './RunFilters.module.css'
import { beginOf, whens, whenWords } from './runWhen'

interface WhenPickerProps {
  times: RunTimes
  onChange: (times: Change<RunTimes>) => void
}

const custom = 'Custom…'

/** When runs started: up to now, which a link keeps as it is meant, or between two instants. */
export function WhenPicker({ times: { when, after, before }, onChange }: WhenPickerProps) {
  const isExact = (after ?? before) !== undefined
  const [isOpen, setOpen] = useState(false)
  const isCustom = isExact || (isOpen && when === undefined)
  const choose = (words: string | null): void => {
    setOpen(words === custom)
    if (words !== custom) {
      const chosen = whens.find((one) => whenWords(one) === words)
      onChange({ when: chosen, after: undefined, before: undefined })
    } else if (when) {
      // Who wants it more exactly begins with what is shown.
      onChange({ when: undefined, after: beginOf(when, Date.now(), zone.get()), before })
    }
  }
  const setExactly = (instants: { after: string | undefined; before: string | undefined }): void => {
    // The fields stay while one is emptied to fill in the other.
    setOpen(true)
    onChange({ when: undefined, ...instants })
  }
  return (
    <>
      <Picker
        label="When"
        all="Any time"
        value={isCustom ? custom : when ? whenWords(when) : null}
        onChange={choose}
        options={[...whens.map(whenWords), custom]}
      />
      {isCustom && (
        <div className={styles.exact}>
          <MomentInput
            label="Started after"
            value={after}
            onChange={(at) => setExactly({ after: at, before })}
          />
          <MomentInput
            label="Started before"
            value={before}
            onChange={(at) => setExactly({ after, before: at })}
          />
        </div>
      )}
    </>
  )
}
