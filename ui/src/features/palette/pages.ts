/** All pages that can be gone to by name, in the order of the navigation; `key`: after g, it leads there. */
export const pages = [
  { to: '/', name: 'Overview', key: 'o', words: 'home start health' },
  { to: '/pipelines', name: 'Pipelines', key: 'p', words: 'dags flows jobs' },
  { to: '/runs', name: 'Runs', key: 'r', words: 'history' },
  { to: '/incidents', name: 'Incidents', key: 'i', words: 'alerts problems silences' },
  { to: '/slas', name: 'SLAs', key: 's', words: 'promises deadlines service levels' },
  { to: '/dependencies', name: 'Dependencies', key: 'd', words: 'rules triggers map firings' },
  { to: '/lineage', name: 'Lineage', key: 'l', words: 'datasets graph impact' },
  {
    to: '/orchestrators',
    name: 'Orchestrators',
    key: 'n',
    words: 'connections systems airflow prefect dagster',
  },
  { to: '/connect', name: 'Connect an orchestrator', key: 'c', words: 'add new system first' },
  { to: '/kpis', name: 'Key figures', key: 'k', words: 'kpis metrics report success' },
] as const

export type PagePath = (typeof pages)[number]['to']

export function pageOfKey(key: string): PagePath | undefined {
  return pages.find((page) => page.key === key)?.to
}
