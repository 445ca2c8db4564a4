import { execute } from '@/api/client'
import { ApiError } from '@/api/errors'
import {
  DependenciesDocument,
  type DependenciesQuery,
  type DependencyDetailFragment,
  DependencyDocument,
  DependencyTargetDocument,
  FiringHistoryDocument,
  type FiringHistoryQuery,
  type FiringRowFragment,
  FiringsDocument,
  type FiringState,
} from '@/api/generated'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { splitName } from './conditionTree'

/** All of them are shown at once, on one map; they are asked for by so many. */
const listPage = 100
const firingPage = 20

export type Dependency = DependencyDetailFragment
export type Firing = FiringRowFragment
export type Condition = Dependency['upstream'][number]

/** As the list has it. */
export interface ListedDependency extends Dependency {
  newest: Firing | null
  /** What it starts, where an orchestrator lists it */
  knownTarget: { id: string } | null
}

export const dependencyKeys = {
  all: ['dependencies'] as const,
  list: ['dependencies', 'list'] as const,
  detail: (name: string) => ['dependencies', 'detail', name] as const,
}

/** All dependencies by name, each with its newest firing. */
export const dependenciesQuery = queryOptions({
  queryKey: dependencyKeys.list,
  queryFn: async ({ signal }): Promise<ListedDependency[]> => {
    const found: ListedDependency[] = []
    let after: string | null = null
    do {
      const { dependencies }: DependenciesQuery = await execute(
        DependenciesDocument,
        { first: listPage, after },
        signal,
      )
      for (const { node } of dependencies.edges) {
        found.push({ ...node, newest: node.firings.edges[0]?.node ?? null })
      }
      after = dependencies.pageInfo.hasNextPage ? dependencies.pageInfo.endCursor : null
    } while (after !== null)
    return found
  },
})

export function dependencyQuery(name: string) {
  return queryOptions({
    queryKey: dependencyKeys.detail(name),
    queryFn: async ({ signal }): Promise<Dependency> => {
      const { dependency } = await execute(DependencyDocument, { name }, signal)
      if (!dependency) throw new ApiError('NOT_FOUND', `There is no dependency “${name}”.`)
      return dependency
    },
  })
}

/** The pipeline that it starts; null while no orchestrator lists it. */
export function targetQuery(targetName: string) {
  return queryOptions({
    queryKey: ['dependencies', 'target', targetName],
    queryFn: async ({ signal }) =>
      (await execute(DependencyTargetDocument, splitName(targetName), signal)).pipeline,
    staleTime: 60_000,
  })
}

/** Its firings, newest first. */
export function firingsQuery(name: string, states: FiringState[] | null) {
  return infiniteQueryOptions({
    queryKey: ['dependencies', 'firings', name, states],
    queryFn: async ({ pageParam, signal }) => {
      const asked = { name, first: firingPage, after: pageParam, states }
      const { dependency } = await execute(FiringsDocument, asked, signal)
      if (!dependency) throw new ApiError('NOT_FOUND', `There is no dependency “${name}”.`)
      return dependency.firings
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  })
}

export type FiringHistory = Extract<FiringHistoryQuery['node'], { __typename: 'Firing' }>

/** What one firing has waited for, and each of its steps. */
export function firingQuery(id: string) {
  return queryOptions({
    queryKey: ['dependencies', 'firing', id],
    queryFn: async ({ signal }): Promise<FiringHistory> => {
      const { node } = await execute(FiringHistoryDocument, { id }, signal)
      if (node?.__typename !== 'Firing') throw new ApiError('NOT_FOUND', 'There is no such firing.')
      return node
    },
  })
}
