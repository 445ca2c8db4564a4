import styles from './Skeleton.module.css'

interface SkeletonProps {
  /** How many bars */
  lines: number
  /** Of each bar, in rem */
  height?: number
  /** What is being loaded, for those who do not see the bars */
  label: string
}

/** Holds the place of what is still loading. */
export function Skeleton({ lines, height = 2.75, label }: SkeletonProps) {
  return (
    <div className={styles.skeleton} role="status" aria-label={`Loading ${label}`} data-loading>
      {Array.from({ length: lines }, (_, line) => (
        <div
          key={line}
          className={styles.bar}
          style={{ height: `${height}rem`, animationDelay: `${line * 90}ms` }}
        />
      ))}
    </div>
  )
}
