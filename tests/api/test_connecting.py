"""Orchestrators connected through GraphQL: tried, stored, followed, changed and let go; what it must never tell."""

import logging
import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.api import tokens
from gateway.domain.access import Role
from gateway.domain.records import OrchestratorDefinition
from gateway.store.repository import orchestrators
from gateway.sync.connections import Connections
from gateway.sync.supervisor import Supervisor
from gateway.sync.vault import Vault
from tests.browser.gateway import GatewayProcess
from tests.browser.stage import PASSWORD, Stage, StageServer
from tests.waiting import eventually

CONNECT = """mutation($input: ConnectOrchestratorInput!) {
  made: connectOrchestrator(input: $input) { id name origin url status } }"""
UPDATE = """mutation($id: ID!, $input: ConnectOrchestratorInput!) {
  made: updateOrchestrator(id: $id, input: $input) { id url } }"""
DISCONNECT = "mutation($id: ID!) { disconnectOrchestrator(id: $id) }"
TEST = """mutation($input: ConnectOrchestratorInput!, $id: ID) { test: testConnection(input: $input, id: $id) {
  ok version capabilities missing warnings took error remedy field } }"""
SHOWN = """{ orchestrators { name status statusMessage origin
  connection { auth { name value reference } options backfill lineageNamespaces } } }"""
TYPED = [{"name": "password", "value": PASSWORD}]


@pytest.fixture(autouse=True)
def installed(tmp_path, monkeypatch):
    """The stage's adapter, as pip would install it."""
    monkeypatch.syspath_prepend(GatewayProcess(tmp_path)._site())


@pytest.fixture
def stage():
    stage = Stage()
    stage.add_pipeline("ingest")
    server = StageServer(stage)
    yield server
    server.stop()


@pytest.fixture
def wanted(stage) -> dict[str, Any]:
    return {"name": "north", "kind": "stage", "url": stage.url, "pollInterval": "PT1S", "auth": TYPED}


@pytest.fixture
async def following(database, key_file):
    """The sync of this gateway."""
    connections = Connections(timeout=5, vault=Vault(key_file=key_file))
    supervisor = Supervisor(database, connections, replica="here")
    supervisor.start()
    yield supervisor
    await supervisor.stop()
    await connections.aclose()


async def test_a_trial_tells_who_answers_and_stores_nothing(api, wanted, key_file):
    told = (await api.ask(TEST, input=wanted))["test"]
    assert (told["ok"], told["version"], told["error"], told["missing"]) == (True, "4.2", None, [])
    assert "TRIGGER" in told["capabilities"]
    assert (await api.ask("{ orchestrators { id } }"))["orchestrators"] == []
    assert not key_file.exists(), "nothing was encrypted"


async def test_a_trial_says_why_not_and_what_to_do(api, wanted, stage):
    wrong = [{"name": "password", "value": "hunter2-wrong"}]
    told = (await api.ask(TEST, input={**wanted, "auth": wrong}))["test"]
    assert told["ok"] is False
    assert told["error"] == f'GET {stage.url}/version answered 401: {{"error": "Who are you?"}}.'
    assert told["remedy"] == "Check the credentials (password from what was typed in)."
    stage.stop()
    told = (await api.ask(TEST, input=wanted))["test"]
    assert "refused" in told["error"].lower() or "connect" in told["error"].lower()


async def test_connected_it_is_followed_at_once(api, wanted, following, stage):
    made = (await api.ask(CONNECT, input=wanted))["made"]
    assert (made["name"], made["origin"], made["status"]) == ("north", "API", "PENDING")

    async def pipelines() -> list[str]:
        found = (await api.ask("{ pipelines(filter: {isActive: true}) { edges { node { key } } } }"))["pipelines"]
        return [edge["node"]["key"] for edge in found["edges"]]

    assert await eventually(pipelines) == ["ingest"]
    assert (await api.ask(DISCONNECT, id=made["id"]))["disconnectOrchestrator"] == made["id"]
    assert await pipelines() == []
    await eventually(lambda: _count(following), until=lambda followed: followed == 0)
    assert (await api.error(DISCONNECT, id=made["id"]))["extensions"]["code"] == "NOT_FOUND"
    assert (await api.ask(CONNECT, input=wanted))["made"]["id"] == made["id"], "with its history"


async def _count(following: Supervisor) -> int:
    return len(following._following)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "North Pole"}, "input.name: 'North Pole' is not a slug; use up to 63 lower-case letters"),
        ({"kind": "stagge"}, "input.kind: 'stagge' is not a known kind; known kinds are airflow, dagster"),
        ({"url": "ftp://x"}, "input.url: 'ftp://x' is not a web address"),
        ({"url": "http://me:hunter2@x"}, "input.url: holds credentials"),
        ({"auth": []}, "input.auth.password: is missing; add it."),
        ({"auth": [*TYPED, {"name": "pasword", "value": "x"}]}, "input.auth.pasword: unknown key; known keys are"),
        ({"auth": [{"name": "password"}]}, "input.auth.password: is given more than once, or not at all."),
        ({"auth": [*TYPED, *TYPED]}, "input.auth.password: is given more than once"),
        ({"auth": [{"name": "password", "keep": True}]}, "input.auth.password: is not stored, so it cannot be kept."),
        ({"auth": [*TYPED, {"name": "username", "reference": "env:PODIUM_CONNECT_X"}]}, "this is no secret."),
        ({"options": {"page": 1}}, "input.options.page: unknown key; none is known here."),
        ({"options": []}, "input.options: is not an object."),
        ({"pollInterval": "PT0S"}, "input.pollInterval: must be from 1s to 1d"),
    ],
)
async def test_what_cannot_be_connected_is_named(api, wanted, change, said):
    error = await api.error(CONNECT, input={**wanted, **change})
    assert said in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "hunter2" not in str(error)


async def test_a_name_belongs_to_one(api, wanted, world):
    await api.ask(CONNECT, input=wanted)
    error = await api.error(CONNECT, input=wanted)
    assert error["extensions"]["code"] == "CONFLICT"
    assert f"input.name: 'north' is the name of the stage at {wanted['url']} already." in error["message"]
    await world.orchestrator("from-file")
    error = await api.error(CONNECT, input={**wanted, "name": "from-file"})
    assert error["extensions"] == {"code": "CONFLICT", "remedy": "Use another name."}


async def test_what_a_file_defines_is_changed_there(api, wanted, world):
    await world.orchestrator("from-file")
    identity = (await api.ask("{ orchestrators { id origin connection { options } } }"))["orchestrators"][0]
    assert (identity["origin"], identity["connection"]) == ("CONFIG", None)
    for query in (DISCONNECT, UPDATE, TEST):
        variables = {"id": identity["id"], "input": {**wanted, "name": "from-file"}}
        error = await api.error(query, **{name: variables[name] for name in variables if f"${name}:" in query})
        assert error["message"] == "from-file comes from podium.yaml."
        assert error["extensions"]["remedy"] == "Change it there, and apply the file again."


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_only_admins_connect(api, database, wanted, role):
    made = (await api.ask(CONNECT, input=wanted))["made"]["id"]

    async def is_on() -> bool:
        return (await api.send("{ me { name } }")).status_code == 401

    async with database.write() as session:
        caller = api.with_token(await tokens.issue(session, role, role, datetime.now(UTC)))
        admin = api.with_token(await tokens.issue(session, "root", Role.ADMIN, datetime.now(UTC)))
    await eventually(is_on, within=5)
    for query, variables in (
        (TEST, {"input": wanted}),
        (CONNECT, {"input": {**wanted, "name": "south"}}),
        (UPDATE, {"id": made, "input": wanted}),
        (DISCONNECT, {"id": made}),
        ("{ secretRules { canBeTyped } }", {}),
    ):
        assert (await caller.error(query, **variables))["extensions"]["code"] == "FORBIDDEN"
    assert [one["connection"] for one in (await caller.ask(SHOWN))["orchestrators"]] == [None]
    assert [one["connection"] is None for one in (await admin.ask(SHOWN))["orchestrators"]] == [False]


async def test_a_secret_stays_where_it_is(api, wanted, database, following, stage, caplog, capfd):
    """Typed in, used, refused, asked for in every way: it never comes back."""
    caplog.set_level(logging.DEBUG)
    secret = "hunter2-" + "s3cret" * 3
    auth = [{"name": "password", "value": secret}]
    said: list[Any] = [(await api.send(TEST, input={**wanted, "auth": auth})).json()]
    said.append((await api.send(CONNECT, input={**wanted, "auth": auth})).json())

    async def shown() -> Any:
        return (await api.send(SHOWN)).json()

    said.append(await eventually(shown, until=lambda answer: "UNAUTHORIZED" in str(answer)))
    assert "password from what was typed in" in str(said[-1])
    made = said[1]["data"]["made"]["id"]
    for broken in (
        {**wanted, "auth": [{"name": "password", "value": secret, "reference": f"env:{secret}"}]},
        {**wanted, "auth": [{"name": "password", "reference": secret}]},
        {**wanted, "auth": [{"name": "password", "value": secret, "valeu": secret}]},
        {**wanted, "auth": {"password": secret}},
        {**wanted, "auth": [secret]},
        {**wanted, "auth": secret},
        {"kind": "stage", "auth": auth},
        {**wanted, "auth": [{"name": "password", "value": f"{secret}\n"}]},
    ):
        for query in (TEST, CONNECT):
            answer = (await api.send(query, input=broken)).json()
            assert answer["errors"], "it was refused"
            said.append(answer)
        inline = f'mutation {{ connectOrchestrator(input: {{kind: "stage", auth: [{{value: "{secret}"}}]}}) {{ id }} }}'
        said.append((await api.send(inline)).json())
    said.append((await api.send(UPDATE, id=made, input={**wanted, "url": "http://127.0.0.1:9", "auth": auth})).json())
    async with database.read() as session:
        stored = await orchestrators.active(session)
    assert [one.definition.auth["password"].partition(":")[0] for one in stored] == ["sealed"]
    said += [repr(stored), caplog.text, *capfd.readouterr()]
    assert [one for one in map(str, said) if secret in one] == []
    assert stored[0].definition.auth["password"] not in str(said[:-4]), "nor does what is stored instead"
    if database.is_sqlite:
        with sqlite3.connect(database.url.database) as raw:
            assert secret.encode() not in "\n".join(raw.iterdump()).encode()


async def test_what_was_typed_in_is_for_one_server(api, wanted, stage):
    made = (await api.ask(CONNECT, input=wanted))["made"]["id"]
    keep = {**wanted, "auth": [{"name": "password", "keep": True}]}
    assert (await api.ask(TEST, input=keep, id=made))["test"]["ok"] is True
    assert (await api.ask(UPDATE, id=made, input={**keep, "backfill": "P1D"}))["made"]["url"] == stage.url
    listener = Stage()
    thief = StageServer(listener)
    try:
        for query in (TEST, UPDATE):
            error = await api.error(query, id=made, input={**keep, "url": thief.url})
            assert error["message"] == (
                f"input.auth.password: what was typed in is for {stage.url} and is not sent to {thief.url}."
            )
    finally:
        thief.stop()
    shown = (await api.ask(SHOWN))["orchestrators"][0]["connection"]
    assert shown["auth"] == [{"name": "password", "value": None, "reference": None}]
    assert shown["backfill"] == "P1D"


async def test_name_and_kind_stay(api, wanted):
    made = (await api.ask(CONNECT, input=wanted))["made"]["id"]
    error = await api.error(UPDATE, id=made, input={**wanted, "name": "south"})
    assert error["message"] == "input.name: 'south' is not 'north', and the history hangs on it."
    assert error["extensions"]["remedy"] == "Send the name it has, or connect another one."


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("env:PODIUM_DATABASE_URL", "is not open to the API; use a variable whose name begins with PODIUM_CONNECT_."),
        ("env:PODIUM_SECRET_KEYS", "is not open to the API"),
        ("env:HOME", "is not open to the API"),
        ("env:PODIUM_CONNECT_ABSENT", "env:PODIUM_CONNECT_ABSENT is not set; export"),
        ("file:/etc/passwd", "is not open to the API; set PODIUM_SECRETS_DIR to the folder"),
        ("sealed:gAAAA", "is no reference."),
        ("typed:password", "is no reference."),
    ],
)
async def test_references_lead_only_where_they_may(api, wanted, reference, said):
    given = {**wanted, "auth": [{"name": "password", "reference": reference}]}
    error = await api.error(CONNECT, input=given)
    assert said in error["message"]
    assert (await api.ask("{ orchestrators { id } }"))["orchestrators"] == []
    answer = (await api.send(TEST, input=given)).json()
    assert said in str(answer)
    assert PASSWORD not in str(answer)


async def test_a_reference_within_the_prefix_is_used(api, wanted, monkeypatch, following):
    monkeypatch.setenv("PODIUM_CONNECT_STAGE", PASSWORD)
    given = {**wanted, "auth": [{"name": "password", "reference": "env:PODIUM_CONNECT_STAGE"}]}
    assert (await api.ask(TEST, input=given))["test"]["ok"] is True
    await api.ask(CONNECT, input=given)

    async def shown() -> Any:
        return (await api.ask(SHOWN))["orchestrators"][0]

    found = await eventually(shown, until=lambda one: one["status"] == "HEALTHY")
    assert found["connection"]["auth"][0]["reference"] == "env:PODIUM_CONNECT_STAGE"


async def test_a_file_can_name_what_was_connected_and_then_owns_it(api, wanted, database):
    """As `podium apply` does."""
    made = (await api.ask(CONNECT, input=wanted))["made"]["id"]
    definition = OrchestratorDefinition("north", "stage", wanted["url"], {"password": "env:STAGE_PASSWORD"}, {})
    async with database.write() as session:
        await orchestrators.define(session, definition, "CONFIG", datetime.now(UTC))
    assert (await api.error(DISCONNECT, id=made))["message"] == "north comes from podium.yaml."


async def test_the_kinds_say_what_they_want(api):
    fields = "name title help type isSecret isRequired default choices way minimum maximum"
    asked = f"{{ orchestratorKinds {{ kind title supportedVersions auth {{ {fields} }} options {{ {fields} }} }} }}"
    kinds = {one["kind"]: one for one in (await api.ask(asked))["orchestratorKinds"]}
    assert {"airflow", "dagster", "prefect"} <= kinds.keys()
    airflow = {field["name"]: field for field in kinds["airflow"]["auth"]}
    assert (airflow["password"]["isSecret"], airflow["username"]["isSecret"]) == (True, False)
    assert airflow["username"]["way"] == airflow["password"]["way"] != airflow["token"]["way"]
    options = {field["name"]: field for field in kinds["airflow"]["options"]}
    assert (options["page_size"]["type"], options["page_size"]["default"]) == ("INTEGER", 100)
    scheme = next(field for field in kinds["dagster"]["auth"] if field["name"] == "scheme")
    assert (scheme["type"], scheme["choices"]) == ("CHOICE", ["cloud", "bearer"])
