"""What the command line asks of the GraphQL API. A test holds each document against the schema."""

RUN = """
fragment RunFields on Run {
  id externalId state nativeState trigger attempt queuedAt startedAt endedAt duration url parameters
  pipeline { key orchestrator { name } }
}
"""
PIPELINE = """
fragment PipelineFields on Pipeline {
  id key name schedule nextRunAt isPaused isActive owners tags url
  orchestrator { name }
  latestRun { id state startedAt endedAt url }
}
"""
ORCHESTRATORS = """
query Orchestrators {
  orchestrators { name kind url version status statusSince statusMessage lastSyncedAt capabilities }
}
"""
PIPELINES = (
    """
query Pipelines($first: Int!, $after: String, $filter: PipelineFilter) {
  page: pipelines(first: $first, after: $after, filter: $filter) {
    edges { node { ...PipelineFields } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + PIPELINE
)
RUNS = (
    """
query Runs($first: Int!, $after: String, $filter: RunFilter) {
  page: runs(first: $first, after: $after, filter: $filter) {
    edges { node { ...RunFields } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + RUN
)
FIND_PIPELINE = """
query FindPipeline($orchestrator: String!, $key: String!) {
  pipeline(orchestrator: $orchestrator, key: $key) { id key isPaused url orchestrator { name } }
  orchestrators { name }
}
"""
KEYS = """
query Keys($orchestrator: String!) {
  pipelines(first: 100, filter: {orchestrators: [$orchestrator]}) { edges { node { key } } }
}
"""
FIND_RUN = (
    """
query FindRun($id: ID!) {
  node(id: $id) { __typename ...RunFields }
}
"""
    + RUN
)
LOGS = """
query Logs($id: ID!, $tail: Int!) {
  node(id: $id) {
    __typename
    ... on Run { taskRuns { task mapIndex attempt state log(tail: $tail) } }
  }
}
"""
TRIGGER = (
    """
mutation Trigger($input: TriggerPipelineInput!) {
  run: triggerPipeline(input: $input) { ...RunFields }
}
"""
    + RUN
)
CANCEL = (
    """
mutation Cancel($id: ID!) {
  run: cancelRun(id: $id) { ...RunFields }
}
"""
    + RUN
)
RETRY = (
    """
mutation Retry($id: ID!) {
  run: retryRun(id: $id) { ...RunFields }
}
"""
    + RUN
)
SET_PAUSED = """
mutation SetPaused($id: ID!, $paused: Boolean!) {
  pipeline: setPipelinePaused(id: $id, paused: $paused) { id key isPaused orchestrator { name } }
}
"""
SEARCH = """
query Search($text: String!) {
  search(text: $text, first: 50) {
    __typename
    ... on Dataset { id namespace name aliases { namespace name } }
    ... on LineageJob { id namespace name }
    ... on Pipeline { id key orchestrator { name } }
  }
}
"""
MERGED = """
query Merged($first: Int!, $after: String) {
  mergedDatasets(first: $first, after: $after) {
    edges { node { namespace name merges { name { namespace name } other { namespace name } reason } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
NAMES = """
query Names($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Dataset { namespace name merges { name { namespace name } other { namespace name } reason } }
  }
}
"""
LINEAGE = """
query Lineage(
  $start: LineageStart!, $direction: LineageDirection!, $granularity: LineageGranularity!, $depth: Int, $maxNodes: Int!
) {
  lineage(start: $start, direction: $direction, granularity: $granularity, depth: $depth, maxNodes: $maxNodes) {
    columns { nodeIds nodeTypes labels orchestrators states sources targets edgeKinds }
    truncated
  }
}
"""
FIRING = """
fragment FiringFields on Firing {
  id key generation state asks isPossibleDouble attempts lastError idempotencyKey
  createdAt triggeredAt endedAt expiresAt
  dependency { name }
  satisfied { isSatisfied at condition { name } by { externalId } }
  steps { at state reason }
  run { id externalId state url pipeline { key orchestrator { name } } }
}
"""
DEPENDENCIES = """
query Dependencies($first: Int!, $after: String) {
  page: dependencies(first: $first, after: $after) {
    edges { node {
      id name description expression targetName keyedBy timezone timeout parameters isEnabled isPaused
      origin onRerun maxActive
      maxPerMinute
      firings(first: 1) { edges { node { key state } } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
FIRINGS = (
    """
query Firings($first: Int!, $after: String, $states: [FiringState!]) {
  page: firings(first: $first, after: $after, states: $states) {
    edges { node { ...FiringFields } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + FIRING
)
FIRINGS_OF = (
    """
query FiringsOf($name: String!, $first: Int!, $states: [FiringState!]) {
  dependency(name: $name) { firings(first: $first, states: $states) { edges { node { ...FiringFields } } } }
}
"""
    + FIRING
)
FIND_DEPENDENCY = "query FindDependency($name: String!) { dependency(name: $name) { id } }"
FIRE = (
    """
mutation Fire($id: ID!, $key: String!) {
  firing: fireDependency(id: $id, key: $key) { ...FiringFields }
}
"""
    + FIRING
)
BACKFILL = (
    """
mutation Backfill($id: ID!, $from: String!, $to: String!, $maxActive: Int!) {
  firings: backfillDependency(id: $id, from: $from, to: $to, maxActive: $maxActive) { ...FiringFields }
}
"""
    + FIRING
)
PAUSE_DEPENDENCY = """
mutation PauseDependency($id: ID!, $paused: Boolean!) {
  dependency: setDependencyPaused(id: $id, paused: $paused) { name isPaused isEnabled }
}
"""
REFIRE = (
    """
mutation Refire($id: ID!) {
  firing: refireFiring(id: $id) { ...FiringFields }
}
"""
    + FIRING
)
CANCEL_FIRING = (
    """
mutation CancelFiring($id: ID!) {
  firing: cancelFiring(id: $id) { ...FiringFields }
}
"""
    + FIRING
)
#: What every Podium answers, by the public contract.
DOCUMENTS = (
    ORCHESTRATORS,
    PIPELINES,
    RUNS,
    FIND_PIPELINE,
    KEYS,
    FIND_RUN,
    LOGS,
    TRIGGER,
    CANCEL,
    RETRY,
    SET_PAUSED,
    SEARCH,
    LINEAGE,
)
#: What goes beyond it.
EXTENSIONS = (
    MERGED,
    NAMES,
    DEPENDENCIES,
    FIRINGS,
    FIRINGS_OF,
    FIND_DEPENDENCY,
    FIRE,
    BACKFILL,
    PAUSE_DEPENDENCY,
    REFIRE,
    CANCEL_FIRING,
)
