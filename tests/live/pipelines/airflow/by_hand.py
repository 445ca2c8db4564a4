"""A DAG that runs only when it is asked to."""

from datetime import UTC, datetime

try:
    from airflow.sdk import dag, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, params={"day": ""}, tags=["podium"])
def by_hand():
    """One step."""

    @task
    def load() -> None:
        print("loaded")

    load()


by_hand()
