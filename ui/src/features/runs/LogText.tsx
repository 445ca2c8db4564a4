import { useLayoutEffect, useRef } from 'react'
import styles from './LogTail.module.css'

/** So near to the end counts as being there, in pixels. */
const near = 24

interface LogTextProps {
  text: string
  label: string
  isAtEnd: boolean
  onAtEnd: (isAtEnd: boolean) => void
  isWrapped: boolean
}

/** A log that stays at its end, where it says what went wrong, until somebody scrolls up. */
export function LogText({ text, label, isAtEnd, onAtEnd, isWrapped }: LogTextProps) {
  const area = useRef<HTMLPreElement>(null)
  const height = useRef(0)
  useLayoutEffect(() => {
    const shown = area.current
    if (!shown) return
    // What is added while something further up is read is added above it.
    if (isAtEnd) shown.scrollTop = shown.scrollHeight
    else shown.scrollTop += shown.scrollHeight - height.current
    height.current = shown.scrollHeight
  }, [text, isAtEnd, isWrapped])
  return (
    <pre
      ref={area}
      className={styles.text}
      data-wrapped={isWrapped}
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
        onAtEnd(scrollHeight - scrollTop - clientHeight < near)
      }
    >
      {text}
    </pre>
  )
}
