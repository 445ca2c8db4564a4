"""A DAG that tells of its lineage: by assets, and by an operator that knows its columns."""

from datetime import UTC, datetime

try:
    from airflow.sdk import Asset, BaseOperator, dag, task
except ImportError:  # Airflow 2
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import dag, task
    from airflow.models import BaseOperator

from airflow.providers.common.compat.openlineage.facet import Dataset
from airflow.providers.openlineage.extractors import OperatorLineage
from airflow.providers.openlineage.utils.selective_enable import enable_lineage
from openlineage.client.facet_v2 import column_lineage_dataset, schema_dataset

RAW = Asset("file:///srv/shop/raw_orders.csv")
ORDERS = Asset("file:///srv/shop/orders.csv")


class Summarize(BaseOperator):
    """Makes totals of orders, and says from which columns."""

    def execute(self, context):
        print("totals written")

    def get_openlineage_facets_on_complete(self, task_instance):
        orders = Dataset(namespace="file", name="/srv/shop/orders.csv")
        source = column_lineage_dataset.InputField(
            namespace=orders.namespace,
            name=orders.name,
            field="amount",
            transformations=[column_lineage_dataset.Transformation(type="DIRECT", subtype="AGGREGATION")],
        )
        totals = Dataset(
            namespace="postgres://warehouse:5432",
            name="shop.public.totals",
            facets={
                "schema": schema_dataset.SchemaDatasetFacet(
                    fields=[schema_dataset.SchemaDatasetFacetFields(name="total", type="numeric")]
                ),
                "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(
                    fields={"total": column_lineage_dataset.Fields(inputFields=[source])}
                ),
            },
        )
        return OperatorLineage(inputs=[orders], outputs=[totals])


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, tags=["podium"])
def traced_orders():
    """Clean, then summarize."""

    @task(inlets=[RAW], outlets=[ORDERS])
    def clean() -> None:
        print("orders written")

    clean() >> Summarize(task_id="summarize")


enable_lineage(traced_orders())
