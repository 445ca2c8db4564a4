"""What a plan says, and that applying it makes it so, on a real database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.app.config.apply import apply_file, plan_file
from gateway.app.config.faults import ConfigError
from gateway.app.config.load import load_text
from gateway.app.config.plan import Action, FieldChange, Stored, plan, summary
from gateway.domain.records import Orchestrator
from gateway.domain.states import OrchestratorStatus
from gateway.store.database import Database
from gateway.store.repository import orchestrators

pytestmark = pytest.mark.usefixtures("metronome")
NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
FILE = """\
orchestrators:
  - name: beat
    kind: metronome
    url: http://beat
    auth: {password: env:BEAT}
    options: {tempo: 60}
  - name: other
    kind: metronome
    url: http://other
    auth: {password: env:BEAT}
"""


def stored(text: str = FILE) -> list[Orchestrator]:
    return [
        Orchestrator(
            id=position,
            definition=definition,
            origin="CONFIG",
            version=None,
            capabilities=frozenset(),
            status=OrchestratorStatus.PENDING,
            status_since=NOW,
            status_message=None,
            last_synced_at=None,
            removed_at=None,
        )
        for position, definition in enumerate(load_text(text).orchestrators)
    ]


def test_nothing_changes_where_both_say_the_same():
    assert plan(load_text(FILE), Stored(stored())) == []
    assert summary([]) == ""


def test_a_change_names_each_key_with_before_and_after():
    text = (
        FILE.replace("http://beat", "https://beat:8443")
        .replace("tempo: 60", 'mood: "lively"')
        .replace("{password: env:BEAT}", "{password: file:/run/beat, username: me}", 1)
        .replace("kind: metronome", "kind: metronome\n    poll: 1m30s\n    lineage_namespaces: [a, b]", 1)
    )
    (change,) = plan(load_text(text), Stored(stored()))
    assert (change.action, change.name) == (Action.UPDATE, "beat")
    assert change.fields == (
        FieldChange("url", "http://beat", "https://beat:8443"),
        FieldChange("auth.password", "env:BEAT", "file:/run/beat"),
        FieldChange("auth.username", None, "me"),
        FieldChange("options.mood", None, "lively"),
        FieldChange("poll", "15s", "1m30s"),
        FieldChange("lineage_namespaces", None, '["a", "b"]'),
        FieldChange("options.tempo", "60", None),
    )


def test_a_number_that_becomes_text_is_a_change():
    (one, other) = stored()
    quoted = replace(one, definition=replace(one.definition, options={"tempo": "60"}))
    (change,) = plan(load_text(FILE), Stored([quoted, other]))
    assert change.fields == (FieldChange("options.tempo", '"60"', "60"),)


def test_what_is_gone_is_removed_and_what_comes_back_is_restored():
    (one, other) = stored()
    gone = replace(other, removed_at=NOW)
    unknown = replace(one, definition=replace(one.definition, name="elsewhere"))
    changes = plan(load_text(FILE), Stored([one, gone, unknown]))
    assert [(change.action, change.name) for change in changes] == [
        (Action.RESTORE, "other"),
        (Action.REMOVE, "elsewhere"),
    ]
    assert summary(changes) == "1 to create, 1 to remove"


def test_a_kind_cannot_change_because_the_history_is_of_the_old_kind():
    (one, other) = stored()
    airflow = replace(one, definition=replace(one.definition, kind="airflow"))
    with pytest.raises(ConfigError) as caught:
        plan(load_text(FILE), Stored([airflow, other]))
    assert str(caught.value) == (
        "podium.yaml:2: orchestrators[0].kind: beat is known as airflow and has a history of that kind;"
        " give the metronome another name."
    )


async def test_applying_a_file_makes_the_database_say_the_same(sqlite_url: str):
    database = Database(sqlite_url)
    file = load_text(FILE)
    assert summary(await apply_file(database, file, NOW)) == "2 to create"
    assert await plan_file(database, file, NOW) == []
    async with database.read() as session:
        assert tuple(one.definition for one in await orchestrators.active(session)) == file.orchestrators

    smaller = load_text(FILE.partition("  - name: other")[0])
    assert summary(await apply_file(database, smaller, NOW)) == "1 to remove"
    assert await apply_file(database, smaller, NOW) == []
    (back,) = await apply_file(database, file, NOW)
    assert (back.action, back.fields) == (Action.RESTORE, ())
    await database.aclose()


async def test_a_file_that_cannot_be_applied_whole_is_not_applied_at_all(sqlite_url: str):
    database = Database(sqlite_url)
    async with database.write() as session:
        (one, other) = stored()
        await orchestrators.define(session, replace(other.definition, kind="airflow"), "CONFIG", NOW)
    with pytest.raises(ConfigError, match="other is known as airflow"):
        await apply_file(database, load_text(FILE), NOW)
    async with database.read() as session:
        assert [known.name for known in await orchestrators.everything(session)] == [other.name]
        assert one.name != other.name
    await database.aclose()


async def test_what_was_connected_by_hand_is_left_alone_until_the_file_names_it(sqlite_url: str):
    database = Database(sqlite_url)
    (beat, other) = stored()
    async with database.write() as session:
        made = await orchestrators.define(session, replace(other.definition, auth={"password": "sealed:x"}), "API", NOW)
    only_beat = load_text(FILE.split("  - name: other", maxsplit=1)[0])
    assert [(one.action, one.name) for one in await apply_file(database, only_beat, NOW)] == [(Action.CREATE, "beat")]
    (taken,) = await plan_file(database, load_text(FILE), NOW)
    assert (taken.action, taken.name) == (Action.UPDATE, "other")
    assert FieldChange("origin", "API", "CONFIG") in taken.fields
    assert FieldChange("auth.password", "what was typed in", "env:BEAT") in taken.fields
    await apply_file(database, load_text(FILE), NOW)
    async with database.read() as session:
        found = await orchestrators.by_name(session, "other")
    assert found is not None
    assert (found.id, found.origin, found.definition.auth) == (made, "CONFIG", {"password": "env:BEAT"})
    assert beat.name == "beat"
    await database.aclose()
