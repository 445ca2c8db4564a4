import type { ComponentProps, CSSProperties, ReactNode } from 'react'
import styles from './CardTable.module.css'
import { useMedia } from './useMedia'

// The roles repeat what the elements are: where there is little room the rows are laid out as cards, and without roles a
// table that is not displayed as a table is none for a screen reader.

export interface Heading {
  title: string
  /** In rem; else as much as it needs */
  width?: number
  isAtEnd?: boolean
  /** For screen readers only */
  isHidden?: boolean
}

interface CardTableProps {
  label: string
  headings: (Heading | string)[]
  /** The width of the window, in rem, below which rows are cards */
  cardsBelow: number
  /** How the areas of a card's cells lie, as a grid template */
  card: string
  className?: string | undefined
  /** Rows, with `tbody` around them: Rows */
  children: ReactNode
}

/** Some records, one in a row, or one on a card. */
export function CardTable({ label, headings, cardsBelow, card, className, children }: CardTableProps) {
  const isCards = useMedia(`(max-width: ${cardsBelow}rem)`)
  return (
    <table
      role="table"
      aria-label={label}
      data-layout={isCards ? 'cards' : 'rows'}
      className={joined(styles.table, className)}
      style={{ '--card': card } as CSSProperties}
    >
      <thead role="rowgroup" className={styles.head}>
        <tr role="row">
          {headings.map((heading) => (
            <HeadCell key={titleOf(heading)} heading={heading} />
          ))}
        </tr>
      </thead>
      {children}
    </table>
  )
}

function titleOf(heading: Heading | string): string {
  return typeof heading === 'string' ? heading : heading.title
}

function HeadCell({ heading }: { heading: Heading | string }) {
  const { title, width, isAtEnd, isHidden } = typeof heading === 'string' ? { title: heading } : heading
  return (
    <th
      role="columnheader"
      scope="col"
      data-end={isAtEnd}
      style={width === undefined ? undefined : { width: `${width}rem` }}
    >
      {isHidden ? <span className="visually-hidden">{title}</span> : title}
    </th>
  )
}

export function Rows({ className, ...rest }: ComponentProps<'tbody'>) {
  return <tbody role="rowgroup" className={joined(styles.body, className)} {...rest} />
}

export function Row({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr role="row" className={joined(styles.row, className)} {...rest} />
}

interface CellProps extends ComponentProps<'td'> {
  /** Its place on a card */
  area: string
  isAtEnd?: boolean
}

export function Cell({ area, isAtEnd, ...rest }: CellProps) {
  return <td role="cell" data-end={isAtEnd} style={{ gridArea: area }} {...rest} />
}

/** What leads to the record's page. */
export const recordName = styles.name
/** The small line below it. */
export const recordSub = styles.sub

function joined(...names: (string | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
