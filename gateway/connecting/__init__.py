"""Orchestrators that people connect through the API: what can be connected, trying it, storing it."""
