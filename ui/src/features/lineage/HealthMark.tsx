import type { Tone } from '@/components/Badge'
import { CircleAlert, CircleCheck, CircleHelp, CircleX, Clock3, LoaderCircle, type LucideIcon, MinusCircle, OctagonAlert, TriangleAlert } from 'lucide-react' // prettier-ignore
import { createElement } from 'react'
import styles from './GraphNodeMark.module.css'
import type { Health } from './looks'

const toneIcons: Record<Tone, LucideIcon> = {
  good: CircleCheck,
  bad: CircleX,
  worst: OctagonAlert,
  caution: TriangleAlert,
  active: LoaderCircle,
  neutral: MinusCircle,
  odd: CircleHelp,
}

/** How something is, as a sign: at a place of the picture, or in a line of text. */
export function HealthMark({ health, ...place }: { health: Health | null; x?: number; y?: number }) {
  if (!health) return null
  const { tone, word } = health
  const icon = word === 'Queued' ? Clock3 : word === 'Error incident' ? CircleAlert : toneIcons[tone]
  return createElement(icon, {
    ...{ 'aria-hidden': true, className: styles.health, width: 15, height: 15, strokeWidth: 2.25 },
    ...{ 'data-tone': tone, ...place },
  })
}
