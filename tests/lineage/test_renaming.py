"""Rules that people write join and part what is known already."""

from typing import Any

import pytest

from gateway.app.config.apply import apply_file
from gateway.app.config.load import load_text
from gateway.domain.records import LINEAGE_NAMES, NAME_RULES, Definition
from gateway.store.database import Database
from gateway.store.repository import definitions, lineage_log, lineage_state
from lineage.intake import Grown, logged_event
from lineage.loading import read_graph
from lineage.naming import Naming
from lineage.openlineage.check import check
from lineage.openlineage.state import job_id, name_id
from lineage.projector import Projector
from tests.lineage.made import DAY, START, dataset, run_event

RULE = """\
orchestrators: []
lineage:
  names:
    - from: {namespace: prod-dagster, name: "marts/{table}"}
      to: {namespace: "postgresql://DB", name: "shop.marts.{table}"}
"""
TABLES = ("orders", "totals", "customers")


async def apply(database: Database, text: str) -> None:
    await apply_file(database, load_text(text), START)
    projector = Projector(database, Grown())
    while await projector.step():
        pass


async def take(database: Database) -> None:
    """Dagster writes what another tool reads under the table's own name."""
    told = [
        event
        for table in TABLES
        for event in (
            run_event("COMPLETE", job=f"make_{table}", run="r", outputs=[dataset(f"marts/{table}", "prod-dagster")]),
            run_event("COMPLETE", job=f"use_{table}", run="r", inputs=[dataset(f"shop.marts.{table}", DAY)]),
        )
    ]
    async with database.write() as session:
        await lineage_log.append(session, [logged_event(check(event)) for event in told], START)


async def datasets(database: Database) -> dict[str, tuple[str, list[str]]]:
    """Under which name each table is known, and the reasons for that."""
    found: dict[str, tuple[str, list[str]]] = {}
    async with database.read() as session:
        for table in TABLES:
            given = name_id("prod-dagster", f"marts/{table}")
            (row,) = (await lineage_state.names(session, [given])).values()
            (stands,) = (await lineage_state.names(session, [row.dataset_id])).values()
            reasons = [reason for one, _, reason in await lineage_state.links_at(session, [given]) if one == given]
            found[table] = f"{stands.namespace} {stands.name}", reasons
    return found


@pytest.mark.parametrize("is_known_before", [True, False])
async def test_a_rule_joins_what_was_known_before_and_what_comes(database, monkeypatch, is_known_before):
    monkeypatch.setattr("lineage.renaming.PORTION", 2)
    if is_known_before:
        await take(database)
        await apply(database, "orchestrators: []")
        assert {name for name, _ in (await datasets(database)).values()} == {
            f"prod-dagster marts/{one}" for one in TABLES
        }
    await apply(database, RULE)
    if not is_known_before:
        await take(database)
        await apply(database, RULE)
    reason = "rule 1 of lineage.names; postgresql is postgres; hosts have no case; 5432 is the port of postgres"
    assert await datasets(database) == {one: (f"{DAY} shop.marts.{one}", [reason]) for one in TABLES}
    async with database.read() as session:
        graph = await read_graph(session)
    for table in TABLES:
        dataset_id = graph.dataset_of(name_id("prod-dagster", f"marts/{table}"))
        assert [graph.node(job).label for job in graph.upstream(dataset_id)] == [f"make_{table}"]
        assert [graph.node(job).label for job in graph.downstream(dataset_id)] == [f"use_{table}"]


async def test_what_a_rule_joined_parts_again_without_it(database, monkeypatch):
    monkeypatch.setattr("lineage.renaming.PORTION", 2)
    await take(database)
    await apply(database, RULE)
    await apply(database, "orchestrators: []")
    assert await datasets(database) == {one: (f"prod-dagster marts/{one}", []) for one in TABLES}


async def test_who_is_stopped_in_the_middle_goes_on_where_it_was(database, monkeypatch):
    monkeypatch.setattr("lineage.renaming.PORTION", 2)
    await take(database)
    await apply(database, "orchestrators: []")
    await apply_file(database, load_text(RULE), START)
    for _ in range(20):  # each as if it had been started anew
        await Projector(database, Grown()).step()
    assert {reasons[0].partition(";")[0] for _, reasons in (await datasets(database)).values()} == {
        "rule 1 of lineage.names"
    }


async def test_events_do_not_wait_until_all_names_are_in_line(database, monkeypatch):
    monkeypatch.setattr("lineage.renaming.PORTION", 1)
    await take(database)
    await apply(database, "orchestrators: []")
    await apply_file(database, load_text(RULE), START)
    async with database.write() as session:
        event = check(run_event("COMPLETE", job="new", outputs=[dataset("marts/new", "prod-dagster")]))
        await lineage_log.append(session, [logged_event(event)], START)
    assert await Projector(database, Grown()).step()
    async with database.read() as session:
        graph = await read_graph(session)
    assert [graph.node(one).label for one in graph.downstream(job_id("jobs", "new"))] == ["shop.marts.new"]


async def test_while_rules_cannot_be_used_no_event_is_lost(database, monkeypatch):
    """Nothing that podium.yaml lets through, but a newer Podium may have written it."""
    monkeypatch.setattr("lineage.projector.PAUSE", 0)
    await take(database)
    projector = Projector(database, Grown())
    await _write_rules(database, {"of": "a newer kind"})
    for _ in range(30):
        assert await projector.step()
    await _write_rules(database, rule(("prod-dagster", "marts/{table}"), (DAY, "shop.marts.{table}")))
    while await projector.step():
        pass
    assert {name for name, _ in (await datasets(database)).values()} == {f"{DAY} shop.marts.{one}" for one in TABLES}


async def _write_rules(database: Database, *documents: dict[str, Any]) -> None:
    async with database.write() as session:
        await definitions.save(session, Definition(LINEAGE_NAMES, NAME_RULES, [*documents]))


def rule(given: tuple[str, str], wanted: tuple[str, str]) -> dict[str, Any]:
    return {
        side: {"namespace": namespace, "name": name} for side, (namespace, name) in (("from", given), ("to", wanted))
    }


@pytest.mark.parametrize(
    ("rules", "given", "wanted"),
    [
        ([(("s3a://lake", "{path*}"), ("s3://lake", "raw/{path}"))], ("s3a://lake", "a/b"), ("s3://lake", "raw/a/b")),
        ([(("s3://lake", "{file}.csv"), ("csv", "{file}"))], ("s3a://lake/", "/a.csv"), ("csv", "a")),
        ([(("s3://lake", "{file}.csv"), ("csv", "{file}"))], ("s3://lake", "a/b.csv"), ("s3://lake", "a/b.csv")),
        ([(("a", "{x}"), ("b", "{x}")), (("b", "{x}"), ("c", "{x}!"))], ("a", "t"), ("c", "t!")),
        ([(("a", "{x}"), ("b", "{x}")), (("b", "{x}"), ("a", "{x}"))], ("a", "t"), ("b", "t")),
        ([(("{store}", "{x}"), ("{store}", "{x}"))], ("a", "t"), ("a", "t")),
    ],
    ids=["any text", "after built-in rules", "one part only", "one after another", "in a circle", "to itself"],
)
def test_rules(rules, given, wanted):
    found = Naming([rule(*one) for one in rules]).normal(*given)
    assert (found.namespace, found.name) == wanted
