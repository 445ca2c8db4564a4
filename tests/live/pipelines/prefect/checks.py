"""Small flows that show every state; ``python flows.py`` serves them until it is ended."""

import time
from datetime import timedelta
from typing import Any

from prefect import flow, get_run_logger, serve, task
from prefect.assets import materialize
from prefect.flow_runs import pause_flow_run
from prefect.schedules import Cron, Interval

ORDERS = "file://shop/orders.csv"
CUSTOMERS = "file://shop/customers.csv"


@task
def extract(sleep: float = 0.0) -> dict[str, Any]:
    """Rows to work on, after ``sleep`` seconds."""
    get_run_logger().info("extracting")
    for _ in range(int(sleep * 10)):
        time.sleep(0.1)
    return {"rows": 3}


@task
def transform(table: dict[str, Any], fail: bool = False) -> dict[str, Any]:
    """The rows doubled; fails on request."""
    if fail:
        raise ValueError("transform failed on purpose")
    return {"rows": table["rows"] * 2}


@materialize(ORDERS, asset_deps=[CUSTOMERS])
def load(table: dict[str, Any]) -> dict[str, Any]:
    """Writes an asset."""
    return table


@flow(name="shop", log_prints=True)
def shop(sleep: float = 0.0, fail: bool = False) -> None:
    """Three steps in a row; sleeps or fails on request."""
    print("the shop opens")
    load(transform(extract(sleep), fail))


@task
def part(number: int) -> dict[str, int]:
    """One of several."""
    return {"number": number}


@task
def total(parts: list[dict[str, int]]) -> dict[str, int]:
    """The sum of all parts."""
    return {"number": sum(one["number"] for one in parts)}


@flow(name="detail")
def detail(number: int = 1) -> dict[str, int]:
    """Called by another flow."""
    return part(number)


@flow(name="wide")
def wide(parts: int = 3) -> None:
    """A mapped task, its sum and a flow within the flow."""
    mapped = part.map(list(range(parts)))
    total(mapped)
    detail(7)


_TRIES = {"count": 0}


@task(retries=1, retry_delay_seconds=0.5)
def flaky() -> dict[str, int]:
    """Works at the second attempt."""
    _TRIES["count"] += 1
    if _TRIES["count"] == 1:
        raise RuntimeError("first attempt fails on purpose")
    return _TRIES


@task
def after(result: dict[str, int]) -> dict[str, int]:
    """Runs once ``flaky`` has worked."""
    return result


@flow(name="shaky")
def shaky() -> None:
    """A task that is tried twice."""
    after(flaky())


@flow(name="patient")
def patient() -> None:
    """Waits to be resumed."""
    pause_flow_run(timeout=120)


if __name__ == "__main__":
    serve(
        shop.to_deployment(
            "daily",
            schedules=[Cron("15 4 * * *", timezone="Europe/Zurich")],
            tags=["podium", "sales"],
            description="Orders of the day",
        ),
        shop.to_deployment("by-hand"),
        wide.to_deployment("hourly", schedules=[Interval(timedelta(hours=1))]),
        shaky.to_deployment("main"),
        patient.to_deployment("main"),
        pause_on_shutdown=False,
        limit=10,
    )
