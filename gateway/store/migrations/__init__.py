"""The one chain of schema changes, for SQLite and PostgreSQL alike."""

from gateway.store.migrations.runner import current, head, upgrade

__all__ = ["current", "head", "upgrade"]
