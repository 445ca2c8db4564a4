import { execute } from '@/api/client'
import {
  type ConnectedOrchestratorFragment,
  ConnectedOrchestratorsDocument,
  type ConnectionFieldPartsFragment,
  FirstPipelinesDocument,
  type KindPartsFragment,
  OrchestratorKindsDocument,
  SecretRulesDocument,
  type SecretRulesQuery,
  type TestConnectionMutation,
} from '@/api/generated'
import { pollEvery } from '@/api/queryClient'
import { queryOptions } from '@tanstack/react-query'

export type Kind = KindPartsFragment
export type Field = ConnectionFieldPartsFragment
export type Rules = SecretRulesQuery['secretRules']
export type Trial = TestConnectionMutation['testConnection']
export type Connected = ConnectedOrchestratorFragment

/** What can be connected; it changes only when the gateway is installed anew. */
export const kindsQuery = queryOptions({
  queryKey: ['orchestratorKinds'],
  queryFn: async ({ signal }) => (await execute(OrchestratorKindsDocument, {}, signal)).orchestratorKinds,
  staleTime: Infinity,
  refetchInterval: false,
})

/** For admins only. */
export const rulesQuery = queryOptions({
  queryKey: ['secretRules'],
  queryFn: async ({ signal }) => (await execute(SecretRulesDocument, {}, signal)).secretRules,
  staleTime: 60_000,
})

export const connectedQuery = queryOptions({
  queryKey: ['orchestrators', 'connected'],
  queryFn: async ({ signal }) => (await execute(ConnectedOrchestratorsDocument, {}, signal)).orchestrators,
  refetchInterval: pollEvery(5_000),
})

/** Somebody waits for the first ones, so it is asked often. */
export function firstPipelinesQuery(name: string) {
  return queryOptions({
    queryKey: ['orchestrators', 'first', name],
    queryFn: async ({ signal }) => (await execute(FirstPipelinesDocument, { name }, signal)).orchestrator,
    refetchInterval: pollEvery(1_000),
  })
}
