"""Who may do what, over HTTP: by token, or by being on this machine while there are no tokens."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.api import tokens
from gateway.api.callers import is_same_origin
from gateway.domain.access import Role
from gateway.store.repository import tokens as stored_tokens
from tests.waiting import eventually

pytestmark = pytest.mark.slow

ME = "{ me { name role } }"
PAUSE = 'mutation { setPipelinePaused(id: "UGlwZWxpbmU6OTk", paused: true) { id } }'


@pytest.fixture
def database(on_sqlite):
    return on_sqlite


@pytest.fixture
def make(database):
    async def make(role: Role, name: str | None = None) -> str:
        async with database.write() as session:
            return await tokens.issue(session, name or role.value, role, datetime.now(UTC))

    return make


async def test_a_token_says_who_is_asking(api, make):
    for role in Role:
        token = await make(role)
        assert (await api.with_token(token).ask(ME))["me"] == {"name": role.value, "role": role.name}


async def test_once_there_is_a_token_everybody_needs_one(api, http, make):
    assert (await api.ask(ME))["me"]["role"] == "ADMIN"
    token = await make(Role.VIEWER)

    async def is_refused() -> bool:
        return (await api.send(ME)).status_code == 401

    await eventually(is_refused, within=5, every=0.1)
    for path in ("/metrics", "/api/v1/webhooks/x"):
        response = await (http.get(path) if path == "/metrics" else http.post(path, json={}))
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["www-authenticate"].startswith("Bearer")
    response = await api.send(ME)
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json()["errors"][0]["extensions"] == {
        "code": "UNAUTHENTICATED",
        "remedy": "Send one as Authorization: Bearer TOKEN.",
    }
    assert (await api.with_token(token).ask("{ serverInfo { isAuthenticationOn } }"))["serverInfo"] == {
        "isAuthenticationOn": True
    }


async def test_health_and_the_page_need_no_token(http, make):
    await make(Role.ADMIN)
    for path in ("/healthz", "/readyz", "/", "/graphql"):
        assert (await http.get(path, headers={"accept": "text/html"})).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer nonsense",
        "Bearer podium_x_y",
        "Bearer podium_000000000000_" + "0" * 48,
        "Bearer podium_" + "ü" * 12 + "_" + "0" * 48,
        "Bearer " + "x" * 10_000,
    ],
)
async def test_a_wrong_token_is_refused(http, make, wrong):
    await make(Role.ADMIN)
    headers = {"authorization": wrong.encode()}
    response = await http.post("/graphql", json={"query": ME}, headers=headers)
    assert response.status_code == 401


async def test_a_token_with_one_letter_changed_is_refused(api, make):
    token = await make(Role.ADMIN)
    assert (await api.with_token(token).send(ME)).status_code == 200
    other = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert (await api.with_token(other).send(ME)).status_code == 401
    assert (await api.with_token(token.upper()).send(ME)).status_code == 401


async def test_a_revoked_token_ends_within_five_seconds(api, make, database):
    await make(Role.ADMIN)
    lost = api.with_token(await make(Role.VIEWER, "lost"))
    await lost.ask(ME)
    async with database.write() as session:
        assert await stored_tokens.revoke(session, "lost", datetime.now(UTC))

    async def is_refused() -> bool:
        return (await lost.send(ME)).status_code == 401

    await eventually(is_refused, within=5, every=0.1)


async def test_the_last_use_is_remembered_once_a_minute(api, make, database):
    token = await make(Role.VIEWER)
    before = datetime.now(UTC)

    async def last_use() -> datetime | None:
        async with database.read() as session:
            return (await stored_tokens.list_all(session))[0].last_used_at

    await api.with_token(token).ask(ME)
    first = await eventually(last_use)
    assert first is not None
    assert timedelta(0) <= first - before < timedelta(seconds=10)
    for _ in range(3):
        await api.with_token(token).ask(ME)
    assert await last_use() == first


@pytest.mark.parametrize(
    ("role", "code"), [(Role.VIEWER, "FORBIDDEN"), (Role.OPERATOR, "NOT_FOUND"), (Role.ADMIN, "NOT_FOUND")]
)
async def test_a_viewer_looks_and_an_operator_acts(api, http, make, role, code):
    token = await make(role)
    error = await api.with_token(token).error(PAUSE)
    assert error["extensions"]["code"] == code
    headers = {"authorization": f"Bearer {token}"}
    pushed = await http.post("/api/v1/webhooks/nobody", json={}, headers=headers)
    assert pushed.status_code == (403 if code == "FORBIDDEN" else 404)
    assert (await http.get("/metrics", headers=headers)).status_code == 200


async def test_only_a_hash_is_stored(make, database):
    token = await make(Role.ADMIN)
    async with database.read() as session:
        (stored,) = await stored_tokens.list_all(session)
    assert stored.hash.startswith("$argon2id$")
    assert token not in repr(stored)
    assert token.split("_")[2] not in repr(stored)
    assert token.split("_")[2] not in repr(tokens.generate())
    with pytest.raises(tokens.NameTakenError, match="'admin'"):
        await make(Role.ADMIN)


class TestWithoutTokens:
    @pytest.mark.parametrize(
        "headers",
        [
            {"host": "evil.example.com"},
            {"host": "evil.example.com:8080"},
            {"host": "127.0.0.1.evil.example.com"},
            {"host": "127.0.0.1@evil.example.com"},
            {"host": ""},
            {"host": "10.0.0.1:8080"},
            {"origin": "https://evil.example.com"},
            {"origin": "http://127.0.0.1:3000"},
            {"origin": "http://localhost:8080"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:8080/path"},
            {"x-forwarded-for": "203.0.113.9"},
            {"forwarded": "for=203.0.113.9"},
        ],
    )
    async def test_a_foreign_page_name_or_proxy_is_refused(self, http, headers):
        response = await http.post("/graphql", json={"query": ME}, headers=headers)
        assert response.status_code == 403
        error = response.json()["errors"][0]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert "Without tokens, Podium serves this machine only" in error["message"]
        assert (await http.post("/api/v1/webhooks/x", json={}, headers=headers)).status_code == 403
        assert (await http.get("/metrics", headers=headers)).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"host": "localhost:8080"},
            {"host": "localhost"},
            {"host": "podium.localhost:8080"},
            {"host": "[::1]:8080"},
            {"host": "127.0.0.2:8080"},
            {"host": "localhost:8080", "origin": "http://localhost:8080"},
            {"host": "localhost", "origin": "http://localhost:80"},
            {"authorization": "Bearer left-over-from-yesterday"},
        ],
    )
    async def test_this_machine_is_admin(self, http, headers):
        response = await http.post("/graphql", json={"query": ME}, headers=headers)
        assert response.json()["data"] == {"me": {"name": "local", "role": "ADMIN"}}


class TestOnAnOpenAddress:
    @pytest.fixture
    def is_open(self) -> bool:
        return False

    async def test_without_a_token_nobody_gets_in(self, http, api):
        response = await api.send(ME)
        assert response.status_code == 401
        assert "podium token create" in response.json()["errors"][0]["extensions"]["remedy"]
        assert (await http.get("/healthz")).status_code == 200

    async def test_with_a_token_it_matters_not_by_which_name(self, http, make):
        token = await make(Role.VIEWER)
        headers = {"host": "podium.example.com", "origin": "https://ui.example.com", "authorization": f"Bearer {token}"}
        assert (await http.post("/graphql", json={"query": ME}, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://a:80", "a", True),
        ("https://a", "a:443", True),
        ("https://A.example", "a.example", True),
        ("http://[::1]:1", "[::1]:1", True),
        ("http://a", "a:443", False),
        ("http://a", "b", False),
        ("file://", "", False),
        ("null", "null", False),
        ("http://a:x", "a:x", False),
    ],
)
def test_the_same_origin(origin, host, same):
    assert is_same_origin(origin, host) is same
