import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react'
import styles from './Held.module.css'
import { heightOf, keepHeight } from './heldHeights'

/** While these are in it, its height is not that of its content. */
const passing = '[data-loading], [role="alert"]'

interface HeldProps {
  /** Under which its height is kept */
  name: string
  children: ReactNode
}

/**
 * While a skeleton stands in it, it is as high as its content was when this browser showed it last: what comes below
 * stays where it is when the content arrives.
 */
export function Held({ name, children }: HeldProps) {
  const box = useRef<HTMLDivElement>(null)
  const [held] = useState(() => heightOf(name, window.innerWidth))
  useEffect(() => {
    const element = box.current
    if (!element) return
    const sizes = new ResizeObserver(() => {
      if (!element.querySelector(passing)) keepHeight(name, window.innerWidth, element.offsetHeight)
    })
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [name])
  const style = held === null ? undefined : ({ '--held': `${held}px` } as CSSProperties)
  return (
    <div ref={box} className={styles.held} data-held={held ?? undefined} style={style}>
      {children}
    </div>
  )
}
