"""A client of a running Podium's GraphQL API."""

from collections.abc import Iterator, Mapping
from typing import Any, Self, cast

import httpx

from gateway.app.cli import queries
from gateway.app.cli.failures import CliError
from gateway.app.settings import Settings
from gateway.domain.suggestions import did_you_mean

#: Items asked for at once.
PAGE = 100


class OutcomeUnknown(CliError):
    """The connection broke after a request was sent: whether it took effect is not known."""


class Client:
    """Asks the Podium at ``settings.url``; use it in a ``with`` block. Every method may raise CliError."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.url
        self._has_token = settings.token is not None
        headers = {"accept": "application/json"}
        if settings.token is not None:
            headers["authorization"] = f"Bearer {settings.token.get_secret_value()}"
        # A trigger waits for its orchestrator, so reading is given more time than connecting.
        self._http = httpx.Client(headers=headers, timeout=httpx.Timeout(120.0, connect=5.0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._http.close()

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The ``data`` of one operation."""
        try:
            response = self._http.post(f"{self._url}/graphql", json={"query": document, "variables": variables})
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise CliError(
                f"Podium does not answer at {self._url} ({_reason(error)}).",
                "Start it with `podium serve`, or set PODIUM_URL to where it runs.",
            ) from error
        except httpx.HTTPError as error:
            raise OutcomeUnknown(f"the connection to {self._url} broke: {_reason(error)}.", "Try again.") from error
        return self._data(response)

    def page_through(self, document: str, limit: int, **variables: Any) -> Iterator[dict[str, Any]]:
        """Up to ``limit`` nodes of a connection that the document calls ``page``."""
        after: str | None = None
        while limit > 0:
            page = self.ask(document, first=min(limit, PAGE), after=after, **variables)["page"]
            for edge in page["edges"]:
                yield edge["node"]
            limit -= len(page["edges"])
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return

    def pipeline(self, orchestrator: str, key: str) -> dict[str, Any]:
        """One pipeline; where there is none, the error names the nearest."""
        answer = self.ask(queries.FIND_PIPELINE, orchestrator=orchestrator, key=key)
        if answer["pipeline"] is not None:
            return answer["pipeline"]
        names = [known["name"] for known in answer["orchestrators"]]
        if orchestrator not in names:
            raise CliError(
                f"there is no orchestrator {orchestrator!r}{did_you_mean(orchestrator, names)}.",
                "See `podium orchestrators`.",
            )
        edges = self.ask(queries.KEYS, orchestrator=orchestrator)["pipelines"]["edges"]
        near = did_you_mean(key, [edge["node"]["key"] for edge in edges])
        raise CliError(
            f"{orchestrator} has no pipeline {key!r}{near}.", f"See `podium pipelines --orchestrator {orchestrator}`."
        )

    def run(self, identity: str) -> dict[str, Any]:
        """One run by the id that `podium runs` shows."""
        return self.node(queries.FIND_RUN, identity)

    def node(self, document: str, identity: str, **variables: Any) -> dict[str, Any]:
        """The run with an id, with what a document asks of it."""
        found = self.ask(document, id=identity, **variables)["node"]
        if found is None or found["__typename"] != "Run":
            raise CliError(f"there is no run with the id {identity!r}.", "See the column ID of `podium runs`.")
        return found

    def _data(self, response: httpx.Response) -> dict[str, Any]:
        answer = _json_object(response)
        if answer.get("errors"):
            raise self._refused(answer["errors"][0])
        if answer.get("data"):
            return answer["data"]
        raise self._odd(response, answer)

    def _refused(self, error: Mapping[str, Any]) -> CliError:
        said = str(error.get("message"))
        more: Mapping[str, Any] = error.get("extensions") or {}
        if more.get("code") != "UNAUTHENTICATED":
            return CliError(said, more.get("remedy"))
        if self._has_token:
            return CliError(f"{self._url} does not accept the token in PODIUM_TOKEN: {said}", more.get("remedy"))
        return CliError(
            f"{self._url} wants to know who asks: {said}",
            "Set PODIUM_TOKEN; a token is made where Podium runs, with `podium token create`.",
        )

    def _odd(self, response: httpx.Response, answer: Mapping[str, Any]) -> CliError:
        if "detail" in answer:
            return CliError(f"{self._url} answered {response.status_code}: {answer['detail']}")
        kind = response.headers.get("content-type", "nothing").split(";")[0]
        return CliError(
            f"{self._url} answered {response.status_code} with {kind}, not as Podium does.",
            "Check PODIUM_URL: is it really Podium?",
        )


def _reason(error: httpx.HTTPError) -> str:
    """The network's complaint without its number."""
    return str(error).partition("] ")[2] or str(error) or type(error).__name__


def _json_object(response: httpx.Response) -> dict[str, Any]:
    """The answer's JSON object; empty where it is something else."""
    try:
        answer: Any = response.json()
    except ValueError:
        return {}
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
