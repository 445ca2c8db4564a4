"""Prefect 3, open-source server and Cloud."""
