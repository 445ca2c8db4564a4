import type { Tone } from '@/components/Badge'
import type { LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Edge, Placeable } from './placing'

/** A node as it is drawn. */
export interface DrawnNode extends Placeable {
  name: string
  /** In muted letters below the name */
  under: string
  /** What is read out, with what the node comes after */
  label: string
  /** How it is; null where nothing is known */
  state: { tone: Tone; icon: LucideIcon; isTurning?: boolean } | null
  /** Before the name, such as what kind of thing it is */
  mark?: ReactNode
  /** Looked at first: filled with its tone */
  isMarked: boolean
  /** On its upper edge, such as that all began here */
  tag?: string
  /** Where it leads; null where it has no page */
  link: LinkProps | null
}

export interface DrawnEdge extends Edge {
  /** Not known, only likely */
  isAssumed?: boolean
}

const wrong = new Set<Tone | undefined>(['bad', 'worst'])

/** Between two nodes with which something is wrong. */
export function isTrail({ source, target }: Edge, nodes: Map<string, DrawnNode>): boolean {
  return wrong.has(nodes.get(source)?.state?.tone) && wrong.has(nodes.get(target)?.state?.tone)
}

/** Where a look at a graph begins: what is marked, else what is wrong, else the first. */
export function firstLook(nodes: DrawnNode[]): string | null {
  const found =
    nodes.find(({ isMarked }) => isMarked) ?? nodes.find(({ state }) => wrong.has(state?.tone)) ?? nodes[0]
  return found?.id ?? null
}
