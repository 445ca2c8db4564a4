"""What people say of an orchestrator, in podium.yaml or through the API, and what each key may hold."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from adapters.sdk.registry import kinds
from adapters.sdk.validation import shown
from gateway.domain.durations import parse_duration
from gateway.domain.records import OrchestratorDefinition
from gateway.domain.slugs import how_to, is_slug
from gateway.domain.suggestions import did_you_mean

_SHORTEST_POLL = timedelta(seconds=1)
_LONGEST_POLL = timedelta(days=1)


def slug(value: str) -> str:
    """A name that fits into addresses. ValueError."""
    if is_slug(value):
        return value
    raise ValueError(f"{shown(value)} is not a slug; {how_to(value)}.")


def _known_kind(value: str) -> str:
    known = kinds()
    if value not in known:
        raise ValueError(
            f"{shown(value)} is not a known kind; known kinds are {', '.join(known)}{did_you_mean(value, known)}."
        )
    return value


def web_address(value: str) -> str:
    """An address without credentials and without a slash at its end. ValueError."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("cannot be read as a URL; write it like https://airflow.example.com.") from None
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds credentials; put them under auth, the password by reference (env:NAME or file:PATH).")
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError(f"{shown(value)} is not a web address; write it like https://airflow.example.com.")
    if parts.query or parts.fragment:
        raise ValueError("has a query (?) or fragment (#); give the address of the server alone.")
    return value.rstrip("/")


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError(f"{shown(value)} is not a duration; write it with its unit, like 15s, 2h or PT2H.")


def _poll_bounds(value: timedelta) -> timedelta:
    if not _SHORTEST_POLL <= value <= _LONGEST_POLL:
        raise ValueError("must be from 1s to 1d; 15s suits most orchestrators.")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class OrchestratorEntry(BaseModel):
    """One entry of ``orchestrators:``, and what the API takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, AfterValidator(slug)]
    kind: Annotated[str, AfterValidator(_known_kind)]
    url: Annotated[str, AfterValidator(web_address)]
    #: Checked against the adapter's own models.
    auth: dict[str, Any] = Field(default_factory=dict[str, Any])
    options: dict[str, Any] = Field(default_factory=dict[str, Any])
    poll: Annotated[Duration, AfterValidator(_poll_bounds)] = timedelta(seconds=15)
    #: How far back runs are read at first contact.
    backfill: Duration = timedelta(days=7)
    lineage_namespaces: list[str] = Field(default_factory=list[str])

    def definition(self) -> OrchestratorDefinition:
        """The entry as the store keeps it."""
        return OrchestratorDefinition(
            name=self.name,
            kind=self.kind,
            url=self.url,
            auth=self.auth,
            options=self.options,
            poll_seconds=self.poll.total_seconds(),
            backfill_seconds=self.backfill.total_seconds(),
            lineage_namespaces=tuple(self.lineage_namespaces),
        )
