// Writes src/api/generated/index.ts: one TypeScript type and one typed document per GraphQL operation in src/**/*.graphql.
import { codegen } from '@graphql-codegen/core'
import * as typedDocument from '@graphql-codegen/typed-document-node'
import * as typescript from '@graphql-codegen/typescript'
import * as operations from '@graphql-codegen/typescript-operations'
import { buildSchema, parse, specifiedRules, validate } from 'graphql'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ui = fileURLToPath(new URL('..', import.meta.url))
const output = join(ui, 'src/api/generated/index.ts')
const schemas = ['../gateway/api/graphql/schema.graphql', '../tests/contract/schema.graphql']

function readSchema() {
  const path = schemas.map((candidate) => join(ui, candidate)).find(existsSync)
  if (!path) throw new Error(`No GraphQL schema found; looked for ${schemas.join(' and ')}`)
  return { path, ast: buildSchema(readFileSync(path, 'utf8')) }
}

function readDocuments() {
  return readdirSync(join(ui, 'src'), { recursive: true })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({ location: name, document: parse(readFileSync(join(ui, 'src', name), 'utf8')) }))
}

const { path, ast } = readSchema()
const documents = readDocuments()
const whole = { kind: 'Document', definitions: documents.flatMap(({ document }) => document.definitions) }
const faults = validate(ast, whole, specifiedRules)
if (faults.length > 0) {
  for (const fault of faults) console.error(`${relative(process.cwd(), path)}: ${fault.message}`)
  process.exit(1)
}

const scalars = {
  DateTime: { input: 'string', output: 'string' },
  Duration: { input: 'string', output: 'string' },
  JSON: { input: 'unknown', output: 'unknown' },
}
const config = {
  scalars,
  enumsAsTypes: true,
  useTypeImports: true,
  documentMode: 'string',
  skipTypename: true,
  avoidOptionals: { field: true },
}
const generated = await codegen({
  filename: output,
  schema: parse(readFileSync(path, 'utf8')),
  schemaAst: ast,
  documents,
  config,
  plugins: [{ typescript: {} }, { operations: {} }, { typedDocument: {} }],
  pluginMap: { typescript, operations, typedDocument },
})
mkdirSync(dirname(output), { recursive: true })
if (!existsSync(output) || readFileSync(output, 'utf8') !== generated) writeFileSync(output, generated)
console.log(`${documents.length} documents checked against ${relative(ui, path)}`)
