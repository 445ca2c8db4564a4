// What stays in this browser, as JSON.

/** What is kept under a key: null where nothing is, or nonsense; undefined where the browser keeps nothing for pages. */
export function readKept(key: string): unknown {
  let text: string | null
  try {
    text = localStorage.getItem(key)
  } catch {
    return undefined
  }
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** Where storage is full or forbidden nothing is kept. */
export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    return
  }
}
