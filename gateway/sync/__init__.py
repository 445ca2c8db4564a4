"""Keeps the store in step with each orchestrator, by polling and by push."""
