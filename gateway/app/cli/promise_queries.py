"""What the command line asks of promises. A test holds each document against the schema."""

STANDING = """
fragment Standing on SlaEvaluation {
  key state reason dueAt completedAt lateBy isFinal predictedAt predictedLow predictedHigh breachProbability
  criticalPath { expectedStart expectedEnd state pipeline { key orchestrator { name } } run { id externalId url } }
  run { externalId url }
}
"""
SLAS = (
    """
query Slas($first: Int!, $after: String, $states: [SlaState!]) {
  page: slas(first: $first, after: $after, states: $states) {
    edges { node { id name kind owner targetName isEnabled objective adherence errorBudgetLeft
      current { ...Standing } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + STANDING
)
SLA = (
    """
query Sla($name: String!, $first: Int!) {
  sla(name: $name) {
    id name kind owner targetName timezone adherence errorBudgetLeft
    evaluations(first: $first) { edges { node { ...Standing } } }
  }
}
"""
    + STANDING
)
ADHERENCE = """
query Adherence($by: SlaGrouping!, $window: Duration!) {
  slaAdherence(by: $by, window: $window) { name slas met missed adherence }
}
"""
CORRECTION = """
fragment CorrectionFields on ForecastCorrection {
  id since until factor notBefore comment madeBy madeAt pipeline { key orchestrator { name } }
}
"""
CORRECT = (
    """
mutation CorrectForecast($input: ForecastCorrectionInput!) {
  correction: correctForecast(input: $input) { ...CorrectionFields }
}
"""
    + CORRECTION
)
CORRECTIONS = (
    """
query Corrections {
  forecastCorrections { ...CorrectionFields }
}
"""
    + CORRECTION
)
REMOVE_CORRECTION = """
mutation RemoveCorrection($id: ID!) {
  removeForecastCorrection(id: $id)
}
"""
#: What goes beyond the public contract.
EXTENSIONS = (SLAS, SLA, ADHERENCE, CORRECT, CORRECTIONS, REMOVE_CORRECTION)
