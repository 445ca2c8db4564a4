"""Dagster 1.13 and later."""
