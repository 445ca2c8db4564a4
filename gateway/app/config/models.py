"""The sections of podium.yaml."""

from gateway.connecting.entry import Duration, OrchestratorEntry, slug, web_address

__all__ = ["SECTIONS", "Duration", "OrchestratorEntry", "slug", "web_address"]

SECTIONS = ("orchestrators", "lineage", "dependencies", "slas", "alerts")
