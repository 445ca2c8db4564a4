"""A retail company's Dagster definitions: assets by day, and a plain job."""

import json
import os
import time
import urllib.request

import dagster as dg

daily = dg.DailyPartitionsDefinition(start_date="2026-01-01")


class Pace(dg.Config):
    """How an op behaves in this run."""

    sleep: int = 0
    fail: bool = False


def made_from(**columns: tuple[str, str]) -> dg.TableColumnLineage:
    """Each column with the asset and column that it is made from."""
    return dg.TableColumnLineage(
        {name: [dg.TableColumnDep(asset_key=asset, column_name=column)] for name, (asset, column) in columns.items()}
    )


@dg.asset(partitions_def=daily, group_name="sales", kinds={"postgres"}, owners=["ada@example.com"])
def raw_orders(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """The shop's orders as they came in."""
    context.log.info("reading orders of %s", context.partition_key)
    return dg.MaterializeResult(metadata={"rows": 120, "dagster/uri": "postgres://warehouse:5432/shop/public/orders"})


@dg.asset(partitions_def=daily, group_name="sales", deps=[raw_orders], owners=["ada@example.com"])
def clean_orders() -> dg.MaterializeResult:
    """Orders without test customers."""
    columns = made_from(store=("raw_orders", "store"), amount=("raw_orders", "amount"))
    return dg.MaterializeResult(metadata={"rows": 118, "dagster/column_lineage": columns})


@dg.asset(partitions_def=daily, group_name="sales", deps=[clean_orders], owners=["team:finance"])
def revenue_by_store() -> dg.MaterializeResult:
    """What the management looks at."""
    columns = made_from(store=("clean_orders", "store"), revenue=("clean_orders", "amount"))
    return dg.MaterializeResult(metadata={"rows": 3, "dagster/column_lineage": columns})


marts = dg.define_asset_job(
    "marts", selection=[raw_orders, clean_orders, revenue_by_store], partitions_def=daily, tags={"team": "finance"}
)


@dg.op
def collect(context: dg.OpExecutionContext, config: Pace) -> int:
    """Rows to export."""
    context.log.info("collecting")
    time.sleep(config.sleep)
    return 118


@dg.op
def upload(context: dg.OpExecutionContext, rows: int, config: Pace) -> None:
    """To the partner."""
    if config.fail:
        raise ConnectionError("the partner's bucket does not exist")
    context.log.info("%s rows uploaded", rows)


@dg.job(description="Orders for the logistics partner", tags={"team": "logistics"})
def orders_export() -> None:
    """Collect and upload."""
    upload(collect())


every_two_minutes = dg.ScheduleDefinition(
    job=orders_export,
    cron_schedule="*/2 * * * *",
    execution_timezone="Europe/Zurich",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)


@dg.sensor(job=marts, default_status=dg.DefaultSensorStatus.STOPPED)
def new_files(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Would start the marts when a file arrives."""
    return dg.SkipReason("no new file")


def tell_podium(status: dg.DagsterRunStatus) -> dg.SensorDefinition:
    """Tells Podium of each run that comes into this state, once it is known where Podium is."""

    @dg.run_status_sensor(
        name=f"tell_podium_{status.value.lower()}",
        run_status=status,
        minimum_interval_seconds=1,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def tell(context: dg.RunStatusSensorContext) -> None:
        run = context.dagster_run
        repository = run.remote_job_origin.repository_origin
        message = {
            "run_id": run.run_id,
            "job_name": run.job_name,
            "location": repository.code_location_origin.location_name,
            "repository": repository.repository_name,
        }
        headers = {"content-type": "application/json"}
        if token := os.environ.get("PODIUM_WEBHOOK_TOKEN"):
            headers["authorization"] = f"Bearer {token}"
        url = os.environ["PODIUM_WEBHOOK_URL"]
        urllib.request.urlopen(urllib.request.Request(url, json.dumps(message).encode(), headers), timeout=5).close()

    return tell


ENDS = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
TOLD = (dg.DagsterRunStatus.STARTED, *ENDS) if os.environ.get("PODIUM_WEBHOOK_URL") else ()

defs = dg.Definitions(
    assets=[raw_orders, clean_orders, revenue_by_store],
    jobs=[marts, orders_export],
    schedules=[every_two_minutes],
    sensors=[new_files, *(tell_podium(status) for status in TOLD)],
    executor=dg.in_process_executor,
)
