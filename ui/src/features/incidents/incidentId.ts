/** The API's id of the incident that people and notifications call by its number; any other text is an id already. */
export function toIncidentId(given: string): string {
  if (!/^\d+$/.test(given)) return given
  return btoa(`Incident:${given}`).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')
}

/** The number in an incident's id, as it stands in addresses and messages; an id of another make as it is. */
export function incidentNumber(id: string): string {
  try {
    const text = atob(id.replaceAll('-', '+').replaceAll('_', '/'))
    return /^Incident:(\d+)$/.exec(text)?.[1] ?? id
  } catch {
    return id
  }
}
