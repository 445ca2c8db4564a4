import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import 'graphiql/style.css'
import { parse, type DocumentNode } from 'graphql'
import { createClient } from 'graphql-ws'
import { createRoot } from 'react-dom/client'
import { currentToken } from '../api/session'
import './page.css'

const address = window.location.origin + window.location.pathname

const defaultQuery = `# Where Podium asks for a token and you have not signed in on its page,
# put it into Headers below: {"Authorization": "Bearer podium_..."}
{
  orchestrators { name kind status statusMessage }
  runs(first: 10) {
    edges { node { externalId state startedAt pipeline { name orchestrator { name } } } }
  }
}
`

/** Headers as entered, else the token with which this tab has signed in on Podium's page. */
function withToken(entered: Record<string, unknown> | undefined): Record<string, unknown> {
  const token = currentToken()
  return { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), ...entered }
}

/** What is sent now: the editor's own idea of it lags behind the typing. The gateway tells of errors in it. */
function parsed(query: string): { documentAST?: DocumentNode } {
  try {
    return { documentAST: parse(query) }
  } catch {
    return {}
  }
}

/** Each subscription opens a connection of its own, because the token goes with the connection's first message. */
const fetcher: Fetcher = (parameters, options) => {
  const headers = withToken(options?.headers)
  const wsClient = createClient({ url: address.replace(/^http/, 'ws'), connectionParams: headers })
  return createGraphiQLFetcher({ url: address, wsClient })(parameters, {
    ...options,
    headers,
    ...parsed(parameters.query),
  })
}

const root = document.getElementById('root')
if (!root) throw new Error('graphiql.html has no #root')

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={defaultQuery}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={false}
  />,
)
