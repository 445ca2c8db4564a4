import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { render, type RenderResult } from '@testing-library/react'
import type { ReactNode } from 'react'

/** Shows `element` as a page: with queries, and with the routes that its links lead to. */
export async function renderPage(element: ReactNode): Promise<RenderResult & { path: () => string }> {
  const root = createRootRoute()
  const page = createRoute({ getParentRoute: () => root, path: '/', component: () => element })
  const run = createRoute({
    getParentRoute: () => root,
    path: '/runs/$runId',
    component: () => <p>Run page</p>,
  })
  const pipeline = createRoute({ getParentRoute: () => root, path: '/pipelines/$pipelineId' })
  const dependencies = [
    '/dependencies',
    '/new-dependency',
    '/dependencies/$name',
    '/dependencies/$name/edit',
  ].map((path) => createRoute({ getParentRoute: () => root, path }))
  const incidents = createRoute({ getParentRoute: () => root, path: '/incidents' })
  const incident = createRoute({ getParentRoute: () => root, path: '/incidents/$incidentId' })
  const slas = createRoute({ getParentRoute: () => root, path: '/slas' })
  const sla = createRoute({ getParentRoute: () => root, path: '/slas/$slaName' })
  const router = createRouter({
    routeTree: root.addChildren([page, run, pipeline, incidents, incident, slas, sla, ...dependencies]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  await router.load()
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const shown = render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  )
  return { ...shown, path: () => router.state.location.pathname }
}
