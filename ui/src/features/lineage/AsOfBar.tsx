import { useStore } from '@/api/store'
import { Button } from '@/components/Button'
import { zone } from '@/features/preferences/preferences'
import { MomentInput } from '@/time/MomentInput'
import { useNow } from '@/time/useNow'
import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Label } from 'react-aria-components/Label'
import { Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components/Slider'
import { lastStop, momentAgo, momentAt, momentWords, stopOf, usualMoments } from './asOf'
import styles from './AsOf.module.css'

/** So many milliseconds after the last move the graph is asked for. */
const settleAfter = 150

interface AsOfProps {
  value: string | undefined
  onChange: (asOf: string | undefined) => void
}

/** From now back in time: by a slider, by what is asked for often, or to the minute. */
export function AsOfBar({ value, onChange }: AsOfProps) {
  return (
    <div className={styles.bar} role="group" aria-label="As of">
      <AsOfSlider value={value} onChange={onChange} />
      <div className={styles.usual}>
        <Button look="quiet" isDisabled={value === undefined} onPress={() => onChange(undefined)}>
          Now
        </Button>
        {usualMoments.map(({ word, ago }) => (
          <Button key={word} look="quiet" onPress={() => onChange(momentAgo(ago, Date.now()))}>
            {word}
          </Button>
        ))}
      </div>
      <MomentInput label="Exactly" value={value} onChange={onChange} />
    </div>
  )
}

function AsOfSlider({ value, onChange }: AsOfProps) {
  const now = useNow(1_000)
  const chosen = useStore(zone)
  const [slid, slide] = useSlid(value, onChange)
  const thumb = useRef<HTMLInputElement>(null)
  const stop = slid ?? stopOf(value, now)
  const words = momentWords(slid === null ? value : momentAt(slid, now), now, chosen)
  useLayoutEffect(() => {
    // React Aria would read out the number of the stop.
    thumb.current?.setAttribute('aria-valuetext', words)
  })
  return (
    <Slider className={styles.slider ?? ''} minValue={0} maxValue={lastStop} value={stop} onChange={slide}>
      <Label>As of</Label>
      <SliderTrack
        className={styles.track ?? ''}
        style={{ '--at': `${(stop / lastStop) * 100}%` } as CSSProperties}
      >
        <SliderThumb className={styles.thumb ?? ''} inputRef={thumb} />
      </SliderTrack>
      <SliderOutput className={styles.output ?? ''}>{words}</SliderOutput>
    </Slider>
  )
}

interface Slid {
  stop: number
  /** What was shown when this was asked for; null: it has not been asked for yet */
  instead: { value: string | undefined } | null
}

/** Where the thumb is while it moves, until what it stands for is shown. */
function useSlid(value: string | undefined, onChange: AsOfProps['onChange']) {
  const [slid, setSlid] = useState<Slid | null>(null)
  if (slid?.instead && slid.instead.value !== value) setSlid(null)
  useEffect(() => {
    if (slid === null || slid.instead) return
    const timer = window.setTimeout(() => {
      const asOf = momentAt(slid.stop, Date.now())
      setSlid(asOf === value ? null : { ...slid, instead: { value } })
      onChange(asOf)
    }, settleAfter)
    return () => window.clearTimeout(timer)
  }, [slid, value, onChange])
  return [slid?.stop ?? null, (stop: number) => setSlid({ stop, instead: null })] as const
}
