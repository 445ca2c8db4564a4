"""A retail company's DAGs: they run on Airflow 2.11 and 3, and take a few seconds each."""

import time
from datetime import datetime, timedelta, timezone

try:
    from airflow.sdk import Asset, BaseOperator, Param, dag, task, task_group
except ImportError:  # Airflow 2
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import dag, task, task_group
    from airflow.models import BaseOperator
    from airflow.models.param import Param

from airflow.providers.common.compat.openlineage.facet import Dataset
from airflow.providers.openlineage.extractors import OperatorLineage
from openlineage.client.facet_v2 import column_lineage_dataset as columns
from openlineage.client.facet_v2 import schema_dataset

CUSTOMERS = Asset("postgres://warehouse:5432/shop/public/customers")
ORDERS = Asset("postgres://warehouse:5432/shop/public/orders")
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
COMMON = {"start_date": START, "catchup": False, "max_active_runs": 16}


class LoadOrders(BaseOperator):
    """Writes the orders with their customers' stores, and tells OpenLineage which column comes from where."""

    template_fields = ("rows",)

    def __init__(self, rows, **more):
        super().__init__(**more)
        self.rows = rows

    def execute(self, context):
        print(f"{self.rows} orders written")

    def get_openlineage_facets_on_complete(self, task_instance):
        shop = Dataset("s3://shop-exports", "orders")
        customers = Dataset("postgres://warehouse:5432", "shop.public.customers")
        sources = {"amount": (shop, "amount"), "store": (customers, "store")}
        made_from = {
            name: columns.Fields([columns.InputField(source.namespace, source.name, field)])
            for name, (source, field) in sources.items()
        }
        schema = [schema_dataset.SchemaDatasetFacetFields("amount", "numeric")]
        schema.append(schema_dataset.SchemaDatasetFacetFields("store", "text"))
        facets = {
            "schema": schema_dataset.SchemaDatasetFacet(schema),
            "columnLineage": columns.ColumnLineageDatasetFacet(made_from),
        }
        orders = Dataset("postgres://warehouse:5432", "shop.public.orders", facets=facets)
        return OperatorLineage(inputs=[shop, customers], outputs=[orders])


@dag(
    schedule="*/5 * * * *",
    tags=["sales", "podium"],
    default_args={"owner": "ada"},
    params={"sleep": Param(0, type="integer", minimum=0), "fail": Param(False, type="boolean")},
    description="Orders from the shop into the warehouse",
    doc_md="Loads the orders of the last five minutes.",
    **COMMON,
)
def ingest_sales():
    """Extract, transform, load."""

    @task
    def extract(params=None) -> int:
        print("reading the shop's orders")
        time.sleep(params["sleep"])
        return 120

    @task
    def transform(rows: int, params=None) -> int:
        if params["fail"]:
            raise ValueError("a currency is unknown: XDR")
        return rows

    LoadOrders(task_id="load", rows=transform(extract()), inlets=[CUSTOMERS], outlets=[ORDERS])


@dag(schedule=[ORDERS], tags=["sales", "podium"], default_args={"owner": "bo"}, **COMMON)
def sales_report():
    """Follows the orders."""

    @task
    def build_report() -> None:
        print("report built")

    build_report()


@dag(schedule="0 3 * * *", tags=["stores", "podium"], default_args={"owner": "cy"}, **COMMON)
def refresh_stores():
    """One task for each store, a branch that skips, and a group."""

    @task
    def list_stores() -> list:
        return ["bern", "basel", "chur"]

    @task
    def refresh(store: str) -> str:
        return store

    @task_group
    def close():
        @task.branch
        def choose() -> str:
            return "close.daily"

        @task
        def daily() -> None:
            print("day closed")

        @task
        def monthly() -> None:
            print("month closed")

        choose() >> [daily(), monthly()]

    refresh.expand(store=list_stores()) >> close()


@dag(schedule=None, tags=["podium"], default_args={"owner": "cy"}, **COMMON)
def fragile_export():
    """Fails, and tries again before it gives up."""

    @task(retries=1, retry_delay=timedelta(seconds=2))
    def export() -> None:
        raise RuntimeError("the partner's SFTP server refused the connection")

    @task
    def notify() -> None:
        print("sent")

    export() >> notify()


ingest_sales()
sales_report()
refresh_stores()
fragile_export()
