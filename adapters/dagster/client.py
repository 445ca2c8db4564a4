"""How Dagster talks: GraphQL over POST, where refusals are answers with a ``__typename`` of their own."""

from collections.abc import Mapping
from typing import Any, NoReturn, cast

from adapters.dagster import auth, queries
from adapters.sdk.errors import AdapterError, Drift, NotFound, Rejected, Unauthorized, Unavailable
from adapters.sdk.http import EXCERPT, HttpClient
from adapters.sdk.protocol import Connection

GRAPHQL = "graphql"

#: Refusals by what they mean; any other type that is not asked for is Drift.
_REFUSALS: Mapping[str, type[AdapterError]] = {
    "UnauthorizedError": Unauthorized,
    "PythonError": Unavailable,
    "RepositoryNotFoundError": NotFound,
    "PipelineNotFoundError": NotFound,
    "RunNotFoundError": NotFound,
    "ScheduleNotFoundError": NotFound,
    "SensorNotFoundError": NotFound,
    "AssetNotFoundError": NotFound,
    "InvalidPipelineRunsFilterError": Rejected,
    "RunConfigValidationInvalid": Rejected,
    "RunConflict": Rejected,
    "InvalidStepError": Rejected,
    "InvalidOutputError": Rejected,
    "InvalidSubsetError": Rejected,
    "PresetNotFoundError": Rejected,
    "ConflictingExecutionParamsError": Rejected,
    "NoModeProvidedError": Rejected,
    "TerminateRunFailure": Rejected,
}


def base_url(url: str) -> str:
    """The address of Dagster's pages, from a url given with or without ``/graphql``."""
    return url.rstrip("/").removesuffix("/graphql").rstrip("/")


class DagsterClient:
    """Sends documents and returns their data, with refusals raised as AdapterErrors."""

    def __init__(self, connection: Connection, credentials: auth.Auth) -> None:
        self._connection = connection
        self._http = HttpClient(
            connection,
            product="Dagster",
            base_url=base_url(connection.url),
            auth=auth.basic(credentials, connection),
            headers=auth.headers(credentials, connection.url),
        )

    async def query(self, document: str, **variables: Any) -> dict[str, Any]:
        """``data`` of a document that changes nothing; repeated on failure."""
        try:
            body = await self._http.read("POST", GRAPHQL, json={"query": document, "variables": variables})
        except (NotFound, Rejected) as error:
            raise self._drift(error.message) from error
        return self._data(body)

    async def mutate(self, document: str, **variables: Any) -> dict[str, Any]:
        """``data`` of a mutation, sent once. Unavailable: whether it took effect is unknown."""
        try:
            body = await self._http.write("POST", GRAPHQL, json={"query": document, "variables": variables})
        except (NotFound, Rejected) as error:
            raise self._drift(error.message) from error
        return self._data(body)

    async def is_there(self, run_id: str) -> bool:
        """Whether Dagster still knows a run; runs can be deleted."""
        answer = await self.query(queries.RUN_EXISTS, run=run_id)
        try:
            self.expect(answer, "runOrError", "Run")
        except NotFound:
            return False
        return True

    def expect(self, data: Mapping[str, Any], field: str, *types: str) -> Any:
        """The answer of a field when its type is one of ``types``; any other type raises what it means."""
        answer = _object(data.get(field))
        if answer is None:
            raise self._drift(f"{self._connection.name}: the answer has no {field}")
        if answer.get("__typename") not in types:
            self._refuse(field, answer)
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _refuse(self, field: str, answer: Mapping[str, Any]) -> NoReturn:
        kind = str(answer.get("__typename"))
        told = self._told(answer)
        message = f"{self._connection.name}: {field} answered {kind}{f': {told}' if told else '.'}"
        error = _REFUSALS.get(kind)
        if error is None:
            raise Drift(message)
        if error is Unauthorized:
            raise Unauthorized(
                message, remedy="Give the token's owner this right, or take the server out of read-only."
            )
        raise error(message)

    def _told(self, answer: Mapping[str, Any]) -> str:
        errors: list[Mapping[str, Any]] = answer.get("errors") or [answer]
        texts = [" ".join(str(error.get("message") or "").split()) for error in errors]
        return self._connection.redactor("; ".join(text for text in texts if text))

    def _data(self, body: Any) -> dict[str, Any]:
        answer = _object(body)
        if answer is None:
            raise self._drift(f"{self._connection.name}: the answer is {type(body).__name__}, not an object")
        if answer.get("errors"):
            self._raise_graphql(answer["errors"])
        data = _object(answer.get("data"))
        if data is None:
            raise self._drift(f"{self._connection.name}: the answer has no data")
        return data

    def _raise_graphql(self, errors: Any) -> NoReturn:
        """An error with a path comes from a resolver, so the server has a fault; one without is about our document."""
        first = _object(errors[0]) if isinstance(errors, list) else None
        told = self._connection.redactor(" ".join(str((first or {}).get("message", errors)).split())[:EXCERPT])
        if first and first.get("path"):
            raise Unavailable(f"{self._connection.name}: Dagster failed while answering: {told}")
        raise self._drift(f"{self._connection.name}: Dagster does not understand the question: {told}")

    def _drift(self, told: str) -> Drift:
        return Drift(told, remedy=f"Is {base_url(self._connection.url)} really Dagster 1.13 or later?")


def _object(value: Any) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None
