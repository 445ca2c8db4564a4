// What anyone may have typed into an address, read part by part. Lists are joined by commas.

/** The values that are there, each once. */
export function listIn(value: unknown): string[] {
  const given: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : []
  const words = given.filter((one) => typeof one === 'string').map((one) => one.trim())
  return [...new Set(words.filter(Boolean))]
}

/** Those of the values, however large their letters are, that the API knows. */
export function namesIn<Name extends string>(value: unknown, isName: (word: string) => word is Name): Name[] {
  return [...new Set(listIn(value).map((one) => one.toUpperCase()))].filter(isName)
}

/** One value; undefined where there is none. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).trim() || undefined
    : undefined
}

/** What is to change in a search: what is given as undefined or empty is taken away. */
export type Change<Search> = { [Name in keyof Search]: Search[Name] | undefined }

/** A search of texts and lists with some of it changed. */
export function changed<Search extends object>(search: Search, change: Change<Partial<Search>>): Search {
  const entries = Object.entries<unknown>({ ...search, ...change })
  return Object.fromEntries(
    entries.filter(([, value]) => (typeof value === 'string' || Array.isArray(value)) && value.length > 0),
  ) as Search
}
