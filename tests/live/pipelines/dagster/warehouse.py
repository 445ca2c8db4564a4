"""Small Dagster pipelines for the live tests: every shape the adapter must read, each run in about a second."""

import json
import os
import urllib.request
from pathlib import Path
from time import sleep

import dagster as dg

daily = dg.DailyPartitionsDefinition(start_date="2026-01-01", end_date="2026-03-01")


class Pace(dg.Config):
    """How an op behaves in this run: seconds to sleep, and whether to fail after it."""

    sleep: float = 0
    fail: bool = False


@dg.op
def extract(context: dg.OpExecutionContext, config: Pace) -> int:
    """Three rows, slowly where asked."""
    context.log.info("extract begins")
    print("printed by extract")
    sleep(config.sleep)
    if config.fail:
        raise dg.Failure("extract was told to fail")
    return 3


@dg.op
def transform(context: dg.OpExecutionContext, rows: int, config: Pace) -> int:
    """As many rows again."""
    context.log.info("transform rows=%s", rows)
    if config.fail:
        raise ValueError("transform was told to fail")
    return rows * 2


@dg.op
def load(context: dg.OpExecutionContext, rows: int) -> None:
    """Write them."""
    context.log.info("load rows=%s", rows)


@dg.job(
    description="Orders from the shop into the warehouse.",
    tags={"team": "shop", "tier": "gold"},
    owners=["team:shop", "ann@example.com"],
)
def orders_etl() -> None:
    """Extract, transform, load."""
    load(transform(extract()))


@dg.op(out=dg.DynamicOut(int))
def split() -> object:
    """Two parts, one named by a number and one by a word."""
    for index in range(2):
        yield dg.DynamicOutput(index, mapping_key=str(index))


@dg.op
def part(number: int) -> int:
    """One mapped step."""
    return number


@dg.op
def join(numbers: list[int]) -> int:
    """Collect the mapped steps."""
    return sum(numbers)


@dg.op(retry_policy=dg.RetryPolicy(max_retries=1, delay=0))
def flaky(context: dg.OpExecutionContext, number: int) -> int:
    """Fails once, then succeeds."""
    context.log.info("flaky attempt %s", context.retry_number + 1)
    if context.retry_number == 0:
        raise ValueError("the first attempt fails")
    return number


@dg.op(out=dg.Out(int, is_required=False))
def maybe(number: int) -> object:
    """Yields nothing, so what follows is skipped."""
    if number < 0:
        yield dg.Output(number)


@dg.op
def after_maybe(number: int) -> int:
    """Skipped."""
    return number


@dg.graph
def inner(number: int) -> int:
    """A graph in a graph: its input feeds flaky, its output is flaky's."""
    return flaky(number)


@dg.graph
def outer(number: int) -> int:
    """Two levels of nesting."""
    return inner(number)


@dg.job
def shapes() -> None:
    """Dynamic mapping, nested graphs, a retry and a skip."""
    total = join(split().map(part).collect())
    after_maybe(maybe(outer(total)))


@dg.op
def count_day(context: dg.OpExecutionContext) -> str:
    """Says which partition it runs for."""
    context.log.info("counting %s", context.partition_key)
    return context.partition_key


@dg.job(partitions_def=daily)
def daily_report() -> None:
    """One run for each day."""
    count_day()


@dg.asset(group_name="shop")
def exported_orders() -> dg.MaterializeResult:
    """Orders as the shop exports them; where they are is known once they are written."""
    return dg.MaterializeResult(metadata={"dagster/uri": "file:///data/exported_orders.csv"})


@dg.asset(
    group_name="shop", deps=[exported_orders], kinds={"duckdb"}, metadata={"dagster/uri": "file:///data/orders.csv"}
)
def orders() -> dg.MaterializeResult:
    """Orders, cleaned."""
    return dg.MaterializeResult(metadata={"rows": 3, "source": "shop", "ratio": 0.5})


@dg.asset(
    group_name="finance",
    key_prefix=["finance"],
    deps=[orders],
    partitions_def=daily,
    automation_condition=dg.AutomationCondition.eager(),
)
def revenue(context: dg.AssetExecutionContext) -> None:
    """Revenue by day."""
    context.log.info("revenue of %s", context.partition_key)


assets_job = dg.define_asset_job("assets_job", selection=dg.AssetSelection.groups("shop"))
revenue_job = dg.define_asset_job("revenue_job", selection=dg.AssetSelection.assets(["finance", "revenue"]))

orders_daily = dg.ScheduleDefinition(
    name="orders_daily", job=orders_etl, cron_schedule="0 6 * * *", execution_timezone="Europe/Zurich"
)


@dg.sensor(job=shapes, minimum_interval_seconds=3600)
def shapes_wanted() -> dg.SkipReason:
    """Never fires by itself; it is there to be paused."""
    return dg.SkipReason("nothing is wanted")


@dg.asset_sensor(asset_key=dg.AssetKey("exported_orders"), job=revenue_job)
def report_wanted() -> dg.SkipReason:
    """Stopped; it is there to be seen waiting for an asset."""
    return dg.SkipReason("nothing is wanted")


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, minimum_interval_seconds=1)
def push_success(context: dg.RunStatusSensorContext) -> None:
    """Posts to the address in the file ``webhook`` of Dagster's home; stopped until a test starts it."""
    run = context.dagster_run
    origin = run.remote_job_origin.repository_origin
    message = {
        "run_id": run.run_id,
        "job_name": run.job_name,
        "location": origin.code_location_origin.location_name,
        "repository": origin.repository_name,
    }
    address = (Path(os.environ["DAGSTER_HOME"]) / "webhook").read_text()
    request = urllib.request.Request(address, json.dumps(message).encode(), {"content-type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()


defs = dg.Definitions(
    assets=[exported_orders, orders, revenue],
    jobs=[orders_etl, shapes, daily_report, assets_job, revenue_job],
    schedules=[orders_daily],
    sensors=[shapes_wanted, report_wanted, push_success],
    executor=dg.in_process_executor,
)
