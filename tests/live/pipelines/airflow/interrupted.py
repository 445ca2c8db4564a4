"""A DAG to be cancelled in the middle: its first attempt lasts, the next ones do not."""

import time
from datetime import UTC, datetime

try:
    from airflow.sdk import dag, get_current_context, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task
    from airflow.operators.python import get_current_context


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, tags=["podium"])
def interrupted_import():
    """A branch that skips, a task that lasts, and what comes after it."""

    @task.branch
    def choose() -> str:
        return "partial"

    @task
    def partial() -> None:
        if get_current_context()["ti"].try_number == 1:
            for _ in range(600):  # until it is ended from outside
                time.sleep(1)

    @task
    def complete() -> None:
        print("everything imported")

    @task(trigger_rule="none_failed_min_one_success")
    def publish() -> None:
        print("published")

    choose() >> [partial(), complete()] >> publish()


interrupted_import()
