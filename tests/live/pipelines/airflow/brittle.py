"""A DAG that fails where it is told to."""

from datetime import UTC, datetime

try:
    from airflow.sdk import dag, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, params={"fail": False}, tags=["podium"])
def brittle():
    """One step."""

    @task
    def load(params=None) -> None:
        if params["fail"]:
            raise ValueError("the source has no orders")

    load()


brittle()
