import { useRouter } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { lookOf, stretchShown } from './placeInTime'
import type { Stretch } from './timelineSearch'
import type { Addressed, Change } from './useLook'
import type { Look } from './view'

/** A move has ended when nothing has moved for so long. */
const settled = 400

/** Keeps what is in sight and what the address says of it the same, whichever of them changes. */
export function useAddress(
  look: Look,
  change: Change,
  length: number,
  { stretch, onStretch }: Addressed,
): void {
  const { history } = useRouter()
  const [here] = useState(() => history.location.pathname)
  const shown = useRef(look)
  const said = useRef(keyOf(stretch))
  const write = useEffectEvent(() => {
    const next = stretchShown(look, length, Date.now())
    // Whoever is on the way to another page is not called back.
    if (keyOf(next) === said.current || history.location.pathname !== here) return
    said.current = keyOf(next)
    onStretch(next)
  })
  useEffect(() => {
    if (look === shown.current) return
    shown.current = look
    const timer = window.setTimeout(() => write(), settled)
    return () => window.clearTimeout(timer)
  }, [look])
  const follow = useEffectEvent(() => change((_, now) => lookOf(stretch, length, now)))
  const key = keyOf(stretch)
  useEffect(() => {
    if (key === said.current) return
    said.current = key
    follow()
  }, [key])
}

function keyOf({ from = '', to = '' }: Stretch): string {
  return `${from} ${to}`
}
