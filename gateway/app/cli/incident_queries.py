"""What the command line asks of incidents. A test holds each document against the schema."""

INCIDENTS = """
query Incidents($first: Int!, $after: String, $states: [IncidentState!], $severities: [Severity!]) {
  page: incidents(first: $first, after: $after, states: $states, severities: $severities) {
    edges { node { id title severity state openedAt acknowledgedBy resolvedAt } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
INCIDENT = """
query Incident($id: ID!) {
  node(id: $id) { ... on Incident {
    id title severity state openedAt acknowledgedAt acknowledgedBy resolvedAt
    cause { kind message run { url } }
    impact { pipelines { key orchestrator { name } } datasets { namespace name } slas { name } owners }
    signals { kind message at endedAt times }
    notifications { id receiver event state attempts lastError sentAt }
    timeline { at kind text by }
  } }
}
"""
ACKNOWLEDGE = """
mutation Acknowledge($id: ID!, $comment: String) {
  done: acknowledgeIncident(id: $id, comment: $comment) { id title state }
}
"""
RESOLVE = """
mutation Resolve($id: ID!, $comment: String) {
  done: resolveIncident(id: $id, comment: $comment) { id title state }
}
"""
SILENCES = """
query Silences($active: Boolean) {
  silences(active: $active) { id matchers { label operator value } startsAt endsAt createdBy comment }
}
"""
SILENCE = "mutation Silence($input: SilenceInput!) { done: createSilence(input: $input) { id endsAt } }"
EXPIRE = "mutation Expire($id: ID!) { done: expireSilence(id: $id) { id } }"
FAILED = """
query Failed {
  failedNotifications {
    incident { id title }
    notification { id receiver event attempts lastError createdAt }
  }
}
"""
RESEND = "mutation Resend($id: ID!) { resendNotification(id: $id) }"

#: Each document with what it is for.
EXTENSIONS = (INCIDENTS, INCIDENT, ACKNOWLEDGE, RESOLVE, SILENCES, SILENCE, EXPIRE, FAILED, RESEND)
