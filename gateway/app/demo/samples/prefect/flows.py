"""A retail company's Prefect flows; ``python flows.py`` serves them until it is ended."""

import os
import time
from datetime import timedelta

from prefect import flow, get_run_logger, serve, task
from prefect.assets import materialize
from prefect.schedules import Cron, Interval


@task
def fetch_contacts(sleep: int) -> dict:
    """Contacts from the CRM."""
    get_run_logger().info("asking the CRM for contacts")
    time.sleep(sleep)
    return {"contacts": 42}


@task
def match_customers(contacts: dict, fail: bool) -> dict:
    """Join them with the shop's customers."""
    if fail:
        raise ValueError("the CRM sent a contact without an id")
    return {"customers": contacts["contacts"] - 2}


@materialize("postgres://warehouse:5432/shop/public/customers")
def write_customers(customers: dict) -> dict:
    """Into the warehouse."""
    return {"written": customers["customers"]}


@flow(name="crm-sync", log_prints=True)
def crm_sync(sleep: int = 0, fail: bool = False) -> dict:
    """Customers from the CRM into the warehouse."""
    print("sync begins")
    return write_customers(match_customers(fetch_contacts(sleep), fail))


@task(retries=2, retry_delay_seconds=1)
def score(segment: str) -> dict:
    """One segment's score; the model server is shaky."""
    if segment == "new" and time.time() % 2 < 1:
        raise ConnectionError("the model server closed the connection")
    return {"segment": segment, "score": 0.7}


@flow(name="score-leads")
def score_leads() -> None:
    """Scores leads by segment, after a fresh sync."""
    crm_sync()
    for result in score.map(["new", "loyal", "lost"]):
        result.wait()


if __name__ == "__main__":
    if os.environ.get("PODIUM_WEBHOOK_URL"):
        from podium_push import tell_podium

        tell_podium(os.environ["PODIUM_WEBHOOK_URL"], os.environ.get("PODIUM_WEBHOOK_TOKEN", ""))
    serve(
        crm_sync.to_deployment(
            "hourly",
            schedules=[Cron("*/2 * * * *", timezone="Europe/Zurich")],
            tags=["crm", "podium"],
            description="Customers from the CRM",
        ),
        score_leads.to_deployment("nightly", schedules=[Interval(timedelta(hours=24))], tags=["podium"]),
        pause_on_shutdown=False,
        limit=10,
    )
