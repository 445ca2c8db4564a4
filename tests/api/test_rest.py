"""Webhooks, health, metrics, and the page, over plain HTTP."""

from pathlib import Path

import pytest

from adapters.sdk.errors import RateLimited
from gateway.domain.states import RunState


@pytest.fixture
def database(on_sqlite):
    return on_sqlite


async def test_a_pushed_message_is_acted_on_at_once(api, http, world, vendor):
    await world.pipeline(await world.orchestrator("memory-1"), "ingest")
    vendor.put("pushed", RunState.RUNNING)
    response = await http.post("/api/v1/webhooks/memory-1", json={"pipeline": "ingest", "run": "pushed"})
    assert response.status_code == 202
    assert response.json() == {"runs": 1}
    data = await api.ask("{ runs { edges { node { externalId state } } } }")
    assert data["runs"]["edges"] == [{"node": {"externalId": "pushed", "state": "RUNNING"}}]


async def test_a_message_that_cannot_be_used_is_a_problem(http, world, vendor):
    await world.orchestrator("memory-1")
    unknown = await http.post("/api/v1/webhooks/nobody", json={})
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"
    assert unknown.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no orchestrator named 'nobody'.",
        "code": "NOT_FOUND",
        "remedy": "`podium orchestrators` lists those there are.",
    }
    broken = await http.post("/api/v1/webhooks/memory-1", content=b"{")
    assert broken.status_code == 400
    assert broken.json()["detail"].startswith("The body is not JSON")
    vendor.trouble = RateLimited("Slow down.", retry_after=7)
    busy = await http.post("/api/v1/webhooks/memory-1", json={"pipeline": "ingest", "run": "r1"})
    assert busy.status_code == 503
    assert busy.headers["retry-after"] == "7"
    assert (await http.post(f"/api/v1/webhooks/{'x' * 300}", json={})).status_code == 400


async def test_health(http, parts):
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    assert (await http.head("/healthz")).status_code == 200
    ready = await http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "components": {"database": "ok", "migrations": "ok", "loops": "ok"}}
    parts.states["loops"] = "Orchestrators are not being followed."
    ready = await http.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["components"]["loops"] == "Orchestrators are not being followed."


async def test_metrics_tell_of_requests_and_errors(http, api):
    await api.error("{ nothing }")
    await http.get("/somewhere")
    text = (await http.get("/metrics")).text
    assert 'podium_http_request_seconds_count{method="POST",route="/graphql",status="200"}' in text
    assert 'route="ui",status="404"' in text
    assert 'podium_graphql_errors_total{code="BAD_USER_INPUT"}' in text
    assert "podium_sync_loops" in text


async def test_every_answer_carries_security_headers(http):
    for path in ("/", "/healthz", "/api/openapi.json", "/nothing"):
        headers = (await http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


async def test_without_a_built_page_a_person_is_told_what_to_do(http):
    for path in ("/", "/graphql"):
        page = await http.get(path, headers={"accept": "text/html"})
        assert page.status_code == 200
        assert "npm run build" in page.text
    missing = await http.get("/runs/1", headers={"accept": "text/html"})
    assert missing.status_code == 404
    assert missing.json()["detail"] == "GET /runs/1: Not Found."


class TestPage:
    @pytest.fixture
    def web_root(self, tmp_path) -> Path:
        root = tmp_path / "web"
        (root / "assets").mkdir(parents=True)
        (root / "index.html").write_text("<html>the page</html>")
        (root / "graphiql.html").write_text("<html>the explorer</html>")
        (root / "favicon.svg").write_text("<svg/>")
        (root / "assets" / "index-1a2b.js").write_text("x" * 5000)
        (tmp_path / "secret.txt").write_text("secret")
        return root

    async def test_a_browser_gets_the_explorer_and_scripts_from_here_only(self, http):
        page = await http.get("/graphql", headers={"accept": "text/html,*/*"})
        assert page.text == "<html>the explorer</html>"
        assert page.headers["content-security-policy"].startswith("default-src 'self'; style-src")
        assert "script-src" not in page.headers["content-security-policy"]

    @pytest.mark.parametrize("path", ["/", "/runs/abc", "/pipelines/x/y", "/orchestrators", "/runs/file.name"])
    async def test_every_address_of_the_page_gets_the_page(self, http, path):
        page = await http.get(path, headers={"accept": "text/html,application/xhtml+xml"})
        assert page.status_code == 200
        assert page.text == "<html>the page</html>"
        assert page.headers["cache-control"] == "no-cache"

    async def test_files_whose_name_changes_with_their_content_are_kept(self, http):
        script = await http.get("/assets/index-1a2b.js")
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert script.headers["content-encoding"] == "gzip"
        assert "javascript" in script.headers["content-type"]
        icon = await http.get("/favicon.svg")
        assert icon.headers["cache-control"] == "no-cache"
        again = await http.get("/favicon.svg", headers={"if-none-match": icon.headers["etag"]})
        assert again.status_code == 304

    @pytest.mark.parametrize(
        ("path", "accept"),
        [
            ("/assets/gone.js", "text/html"),
            ("/api/v1/nothing", "text/html"),
            ("/graphql/x", "text/html"),
            ("/runs/abc", "application/json"),
            ("/../secret.txt", "application/json"),
            ("/..%2fsecret.txt", "application/json"),
            ("/%2e%2e/secret.txt", "application/json"),
            ("/%00", "application/json"),
            ("/" + "x" * 5000, "application/json"),
        ],
    )
    async def test_what_is_not_there_is_no_page(self, http, path, accept):
        response = await http.get(path, headers={"accept": accept})
        assert response.status_code == 404
        assert response.headers["content-type"] == (
            "application/problem+json" if path != "/graphql" else "application/json"
        )

    async def test_a_page_is_only_read(self, http):
        assert (await http.post("/runs/abc")).status_code == 405
