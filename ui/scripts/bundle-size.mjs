// Prints how much a browser loads before the first page shows, gzipped; fails above the budget, and names the files then.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const budget = 300 * 1024
const web = new URL('../../gateway/app/web/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', web), 'utf8'))

/** The entry, what it imports, and the code of the start page, which a first visit needs too. */
function initialFiles() {
  const files = new Set()
  const visit = (key) => {
    const chunk = manifest[key]
    if (!chunk || files.has(chunk.file)) return
    files.add(chunk.file)
    for (const next of chunk.imports ?? []) visit(next)
  }
  visit('index.html')
  for (const key of Object.keys(manifest)) {
    if (key.startsWith('src/routes/index.tsx') || key.startsWith('src/routes/__root.tsx')) visit(key)
  }
  return [...files].filter((name) => name.endsWith('.js'))
}

const kilobytes = (size) => `${(size / 1024).toFixed(1).padStart(8)} KB`

const sizes = initialFiles().map((name) => [name, gzipSync(readFileSync(new URL(name, web))).length])
const total = sizes.reduce((sum, [, size]) => sum + size, 0)
console.log(
  `${kilobytes(total)}  initial JavaScript, gzip (budget ${budget / 1024} KB; ${fileURLToPath(web)})`,
)
if (total > budget) {
  for (const [name, size] of sizes) console.error(`${kilobytes(size)}  ${name}`)
  console.error('The initial JavaScript is over its budget: split a route or drop a dependency.')
  process.exit(1)
}
