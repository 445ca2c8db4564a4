import { parseInstant } from '@/time/moment'

export const presets = ['today', '7', '30', '90'] as const
export type Preset = (typeof presets)[number]
export const usualPreset: Preset = '30'
export const groupings = ['pipeline', 'owner', 'orchestrator'] as const
export type Grouping = (typeof groupings)[number]

/** What the page of key figures shows; it lives in the page's address. */
export interface KpiSearch {
  /** So many days, today included; 30 where neither this nor `from` is said */
  window?: Exclude<Preset, '30'>
  /** ISO 8601: a window of one's own */
  from?: string
  /** Its end; now where it is not said */
  to?: string
  orchestrator?: string
  owner?: string
  /** The table's rows; pipelines where it is not said */
  by?: Exclude<Grouping, 'pipeline'>
  /** The figure in the chart */
  figure?: string
  /** The table's order: a figure, with - before it for the highest first */
  sort?: string
}

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseKpiSearch(search: Record<string, unknown>): KpiSearch {
  const text = (name: string): string => {
    const value = search[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  }
  const from = parseInstant(search['from'])
  const to = parseInstant(search['to'])
  const isRange = from !== undefined && (to === undefined || Date.parse(from) < Date.parse(to))
  const preset = (['today', '7', '90'] as const).find((one) => one === text('window'))
  const by = (['owner', 'orchestrator'] as const).find((one) => one === text('by'))
  const texts = (['orchestrator', 'owner', 'figure', 'sort'] as const).flatMap((name) =>
    text(name) ? [[name, text(name)] as const] : [],
  )
  return {
    ...Object.fromEntries(texts),
    ...(isRange ? { from, ...(to && { to }) } : preset && { window: preset }),
    ...(by && { by }),
  }
}
