"""Every adapter keeps the adapters' contract, on its real orchestrator."""

import pytest

from adapters.sdk.contract import EPOCH, AdapterContract, Start, Subject
from gateway.app.demo.airflow import LocalAirflow
from gateway.app.demo.dagster import LocalDagster
from gateway.app.demo.prefect import LocalPrefect

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]


def airflow(server: LocalAirflow) -> Subject:
    return Subject(
        kind="airflow",
        url=server.url,
        auth={"username": server.auth["username"], "password": "env:CONTRACT_SECRET"},
        secret=server.auth["password"],
        quick=Start("ingest_sales"),
        failing=Start("ingest_sales", {"fail": True}),
        complaint="a currency is unknown: XDR",
        lasting=Start("ingest_sales", {"sleep": 600}),
        scheduled="refresh_stores",
        state_field="state",
        start_field="start_date",
    )


class TestAirflow3(AdapterContract):
    @pytest.fixture(scope="class")
    @classmethod
    def subject(cls, airflow3_server: LocalAirflow) -> Subject:
        return airflow(airflow3_server)


class TestAirflow2(AdapterContract):
    @pytest.fixture(scope="class")
    @classmethod
    def subject(cls, airflow2_server: LocalAirflow) -> Subject:
        return airflow(airflow2_server)


class TestPrefect(AdapterContract):
    @pytest.fixture(scope="class")
    @classmethod
    def subject(cls, prefect_server: LocalPrefect) -> Subject:
        return Subject(
            kind="prefect",
            url=prefect_server.url,
            quick=Start("crm-sync/hourly"),
            failing=Start("crm-sync/hourly", {"fail": True}),
            complaint="the CRM sent a contact without an id",
            lasting=Start("crm-sync/hourly", {"sleep": 600}),
            scheduled="score-leads/nightly",
            state_field="state_type",
            start_field="start_time",
        )


class TestDagster(AdapterContract):
    @pytest.fixture(scope="class")
    @classmethod
    def subject(cls, dagster_server: LocalDagster) -> Subject:
        etl = "tests_warehouse/orders_etl"
        return Subject(
            kind="dagster",
            url=dagster_server.url,
            quick=Start(etl),
            failing=Start(etl, {"ops": {"transform": {"config": {"fail": True}}}}),
            complaint="ValueError: transform was told to fail",
            lasting=Start(etl, {"ops": {"extract": {"config": {"sleep": 600}}}}),
            scheduled=etl,
            state_field="status",
            start_field="startTime",
            times=EPOCH,
        )
