"""The database: tables, every query, migrations and leases."""
