import type { DependencyMode } from '@/api/generated'
import type { Condition, Dependency } from './dependencyQueries'

/** A condition and its place among all of its dependency. */
export interface Leaf {
  condition: Condition
  place: number
}
export interface Group {
  mode: DependencyMode
  items: Node[]
}
export type Node = Leaf | Group

export function isGroup(node: Node): node is Group {
  return 'items' in node
}

type Written = Pick<Dependency, 'mode' | 'expression' | 'upstream'>

/**
 * The groups in groups, which the API tells in words only: all of (a/b, any of (c/d, e/f)). The conditions come in the
 * order of the words. Words that do not fit count as one group of them all.
 */
export function conditionTree({ mode, expression, upstream }: Written): Group {
  const read = new Reader(expression, upstream)
  const root = read.whole()
  if (root === null) return { mode, items: upstream.map((condition, place) => ({ condition, place })) }
  return isGroup(root) ? root : { mode, items: [root] }
}

class Reader {
  readonly #text: string
  readonly #upstream: readonly Condition[]
  #at = 0
  #place = 0

  constructor(text: string, upstream: readonly Condition[]) {
    this.#text = text
    this.#upstream = upstream
  }

  whole(): Node | null {
    const found = this.#node()
    return this.#at === this.#text.length && this.#place === this.#upstream.length ? found : null
  }

  #node(): Node | null {
    const condition = this.#upstream[this.#place]
    if (condition && this.#takes(condition.name)) {
      this.#place += 1
      return { condition, place: this.#place - 1 }
    }
    if (this.#takes('all of (')) return this.#group('ALL')
    return this.#takes('any of (') ? this.#group('ANY') : null
  }

  #group(mode: DependencyMode): Group | null {
    const items: Node[] = []
    do {
      const item = this.#node()
      if (item === null) return null
      items.push(item)
    } while (this.#takes(', '))
    return this.#takes(')') ? { mode, items } : null
  }

  #takes(words: string): boolean {
    if (!this.#text.startsWith(words, this.#at)) return false
    this.#at += words.length
    return true
  }
}

/** orchestrator/key in its two parts; keys may have strokes of their own. */
export function splitName(name: string): { orchestrator: string; key: string } {
  const stroke = name.indexOf('/')
  return stroke < 0
    ? { orchestrator: '', key: name }
    : { orchestrator: name.slice(0, stroke), key: name.slice(stroke + 1) }
}

export type Subject =
  | { what: 'pipeline'; orchestrator: string; key: string }
  | { what: 'dataset'; namespace: string; name: string }
  | { what: 'window'; cron: string; lasts: string }

/** What a condition looks at; its task stands apart from its pipeline. */
export function subjectOf({ name, states, task, cron, lasts }: Condition): Subject {
  if (cron !== null) return { what: 'window', cron, lasts: lasts ?? '' }
  if (states !== null) {
    return { what: 'pipeline', ...splitName(task ? name.slice(0, -task.length - 1) : name) }
  }
  const space = name.indexOf(' ')
  return { what: 'dataset', namespace: name.slice(0, space), name: name.slice(space + 1) }
}
