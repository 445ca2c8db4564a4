"""Facets by which Podium's own events are known among others."""

#: On a job: what it does is derived from what its orchestrator shows, and counts only where no emitter tells.
JOB_FACET = "podium_derived"
#: On a run: ``externalId``, the run as its orchestrator names it.
RUN_FACET = "podium_run"
