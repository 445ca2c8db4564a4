import { createRouter } from '@tanstack/react-router'
import { PartFault } from './components/PartFault'
import { routeTree } from './routeTree.gen'

/** Lists in an address are joined by commas: ?state=FAILED,RUNNING reads and types better than JSON. */
function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (Array.isArray(value)) parameters.set(name, value.join(','))
    else if (typeof value === 'string') parameters.set(name, value)
  }
  const text = parameters.toString().replaceAll('%2C', ',')
  return text && `?${text}`
}

function parseSearch(text: string): Record<string, unknown> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function createAppRouter() {
  return createRouter({
    routeTree,
    basepath: new URL(document.baseURI).pathname,
    parseSearch,
    stringifySearch,
    defaultPreload: false,
    // The header stays, and with it the way elsewhere.
    defaultErrorComponent: PartFault,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
