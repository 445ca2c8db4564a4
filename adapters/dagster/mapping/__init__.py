"""What Dagster's answers mean. Pure: no clock, no network."""
