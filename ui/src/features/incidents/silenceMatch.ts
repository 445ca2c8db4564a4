import type { SilenceDetailFragment } from '@/api/generated'

export type Labels = Record<string, string>
type Matcher = SilenceDetailFragment['matchers'][number]

/** A signal's labels, which the API gives as any JSON. */
export function labelsOf(labels: unknown): Labels {
  if (labels === null || typeof labels !== 'object') return {}
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** Whether all matchers hold, as in Prometheus Alertmanager; a label that is not there is empty. */
export function isMatched(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ label, operator, value }) => {
    const given = labels[label] ?? ''
    if (operator === 'EQ') return given === value
    if (operator === 'NEQ') return given !== value
    const found = matchesWhole(value, given)
    // An expression that this browser cannot read may well hold: better shown once too often.
    return found === null || found === (operator === 'RE')
  })
}

function matchesWhole(expression: string, text: string): boolean | null {
  try {
    return new RegExp(`^(?:${expression})$`, 's').test(text)
  } catch {
    return null
  }
}

const signs: Record<Matcher['operator'], string> = { EQ: '=', NEQ: '!=', RE: '=~', NRE: '!~' }

/** As people write it: pipeline="ingest_sales". */
export function matcherWords({ label, operator, value }: Matcher): string {
  return `${label}${signs[operator]}${JSON.stringify(value)}`
}

/** What tells one thing from all others, the narrowest first. */
const identifying: readonly (readonly string[])[] = [
  ['dataset_namespace', 'dataset'],
  ['orchestrator', 'pipeline'],
  ['dependency'],
  ['sla'],
  ['orchestrator'],
]

/** The labels that a silence of a signal begins with: those that say what it is about, whatever goes wrong with that. */
export function suggestedLabels(labels: Labels): string[] {
  const found = identifying.find((names) => names.every((name) => labels[name]))
  return found ? [...found] : Object.keys(labels).slice(0, 1)
}
