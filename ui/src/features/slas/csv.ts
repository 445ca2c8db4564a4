export type Cell = string | number | null

/** Rows as RFC 4180 has them; text that a spreadsheet would take for a formula is led by an apostrophe. */
export function toCsv(rows: Cell[][]): string {
  return rows.map((row) => row.map(field).join(',') + '\r\n').join('')
}

function field(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Lets the browser save it; the mark at its beginning tells spreadsheets that it is UTF-8. */
export function saveCsv(name: string, rows: Cell[][]): void {
  const url = URL.createObjectURL(new Blob(['\uFEFF', toCsv(rows)], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Where it is revoked at once, some browsers save nothing.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
