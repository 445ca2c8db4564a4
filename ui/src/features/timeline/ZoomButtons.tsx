import { Button } from '@/components/Button'
import { Minus, Plus, Undo2 } from 'lucide-react'
import styles from './TimelineChart.module.css'
import type { Change } from './useLook'
import { type Look, shortest, viewOf, wholeLook, zoom } from './view'

interface ZoomButtonsProps {
  look: Look
  length: number
  change: Change
}

/** Nearer, farther, all of it again and, where what is in sight stands still, back to what happens now. */
export function ZoomButtons({ look, length, change }: ZoomButtonsProps) {
  const whole = wholeLook(length).span
  const isWhole = look.to === null && look.span >= whole
  const by = (factor: number): void => change((old, now) => zoom(old, factor, pivot(old, now), length, now))
  return (
    <div className={styles.zoom} role="group" aria-label="Zoom">
      <Button look="icon" aria-label="Zoom in" isDisabled={look.span <= shortest} onPress={() => by(1.6)}>
        <Plus aria-hidden size={16} />
      </Button>
      <Button look="icon" aria-label="Zoom out" isDisabled={look.span >= whole} onPress={() => by(1 / 1.6)}>
        <Minus aria-hidden size={16} />
      </Button>
      {!isWhole && (
        <Button look="icon" aria-label="Show all of it" onPress={() => change(() => wholeLook(length))}>
          <Undo2 aria-hidden size={16} />
        </Button>
      )}
      {look.to !== null && (
        <Button onPress={() => change((old) => ({ ...old, to: null }))}>Back to now</Button>
      )}
    </div>
  )
}

/** Whoever looks at now goes on with it; else the middle stays. */
export function pivot(look: Look, now: number): number {
  const { from, to } = viewOf(look, now)
  return look.to === null ? now : (from + to) / 2
}
