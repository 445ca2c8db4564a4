"""Connecting orchestrators, and letting them go. Only admins: Podium sends what it is told to where it is told."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any, cast

import strawberry

from gateway.api.graphql import ids
from gateway.api.graphql.context import Context, Info
from gateway.api.graphql.enums import Capability, Role
from gateway.api.graphql.errors import BadInput
from gateway.api.graphql.inputs import bounded, optional_text, text, texts
from gateway.api.graphql.orchestrators import Orchestrator
from gateway.api.graphql.scalars import Json
from gateway.api.limits import Limits
from gateway.connecting.connecting import Connecting, Given, Wanted
from gateway.sync.probing import Report

#: Tokens that vendors make are longer than other texts.
LONGEST_SECRET = 16_384
IdArgument = Annotated[strawberry.ID, strawberry.argument(name="id")]
KnownArgument = Annotated[strawberry.ID | None, strawberry.argument(name="id")]


@strawberry.input(description="One field of `auth`: exactly one of value, reference and keep")
class ConnectionValueInput:
    """One field of ``auth``."""

    name: str
    value: str | None = strawberry.field(default=None, description="Of a secret: it is stored encrypted")
    reference: str | None = strawberry.field(
        default=None, description="Of a secret: env:NAME or file:NAME, within what secretRules allow"
    )
    keep: bool = strawberry.field(default=False, description="Leave it as it is stored")

    def __repr__(self) -> str:
        """Without what may be a secret."""
        return f"ConnectionValueInput({self.name})"

    def to_domain(self, field: str, limits: Limits) -> Given:
        """BAD_USER_INPUT for what nobody could have meant."""
        if self.value is not None and (len(self.value) > LONGEST_SECRET or not self.value.isprintable()):
            raise BadInput(field, "has a line break, a sign that cannot be sent, or is too long.", "Give it as it is.")
        reference = optional_text(field, self.reference, limits)
        return Given(text(f"{field}.name", self.name, limits), self.value, reference, self.keep)


@strawberry.input(description="An orchestrator to be connected, as in podium.yaml")
class ConnectOrchestratorInput:
    """As in podium.yaml."""

    name: str
    kind: str
    url: str
    auth: list[ConnectionValueInput] | None = None
    options: Json | None = strawberry.field(default=None, description="An object, as the kind's options say")
    poll_interval: timedelta | None = strawberry.field(default=None, description="PT15S where not given")
    backfill: timedelta | None = strawberry.field(
        default=None, description="How far back runs are read at first contact; P7D where not given"
    )
    lineage_namespaces: list[str] | None = None

    def to_domain(self, limits: Limits) -> Wanted:
        """BAD_USER_INPUT for what fits into no connection."""
        options: object = self.options if self.options is not None else {}
        if not isinstance(options, dict):
            raise BadInput("input.options", "is not an object.", 'Send an object, e.g. {"page_size": 100}.')
        auth = bounded("input.auth", self.auth or [], limits)
        return Wanted(
            name=text("input.name", self.name, limits),
            kind=text("input.kind", self.kind, limits),
            url=text("input.url", self.url, limits),
            auth=[one.to_domain(f"input.auth.{one.name[:80]}", limits) for one in auth],
            options=cast("dict[str, Any]", options),
            poll=self.poll_interval,
            backfill=self.backfill,
            lineage_namespaces=texts("input.lineageNamespaces", self.lineage_namespaces, limits),
        )


InputArgument = Annotated[ConnectOrchestratorInput, strawberry.argument(name="input")]


@strawberry.type(description="What came of trying a connection")
class ConnectionTest:
    """What came of trying a connection."""

    ok: bool
    version: str | None
    capabilities: list[Capability]
    missing: list[Capability] = strawberry.field(description="What Podium can do elsewhere and not at this deployment")
    warnings: list[str]
    took: timedelta | None = strawberry.field(description="From the first request to the last answer")
    error: str | None
    remedy: str | None
    field: str | None = strawberry.field(description="The field that the error is about, such as auth.password")

    @classmethod
    def of(cls, report: Report) -> "ConnectionTest":
        """As `podium check` tells it."""
        return cls(
            ok=report.fault is None,
            version=report.version,
            capabilities=[Capability(name) for name in report.capabilities],
            missing=[Capability(name) for name in report.missing],
            warnings=list(report.warnings),
            took=None if report.milliseconds is None else timedelta(milliseconds=report.milliseconds),
            error=report.fault,
            remedy=report.remedy,
            field=".".join(map(str, report.at)) or None,
        )


@strawberry.type
class OrchestratorMutations:
    """What can be done about orchestrators themselves."""

    @strawberry.mutation(
        description="Try a connection and store nothing; `id` is the orchestrator whose kept secrets are meant. Needs "
        "the role admin"
    )
    async def test_connection(
        self, info: Info, wanted: InputArgument, identity: KnownArgument = None
    ) -> ConnectionTest:
        """What the other side answers is no error of the request."""
        context = info.context
        context.require(Role.ADMIN)
        known = None if identity is None else ids.parse_as(ids.Kind.ORCHESTRATOR, identity)
        return ConnectionTest.of(await _connecting(context).test(wanted.to_domain(context.limits), known))

    @strawberry.mutation(description="Connect an orchestrator; it is followed at once. Needs the role admin")
    async def connect_orchestrator(self, info: Info, wanted: InputArgument) -> Orchestrator:
        """CONFLICT where its name is taken."""
        context = info.context
        principal = context.require(Role.ADMIN)
        with _changing(context) as connecting:
            return Orchestrator.of(await connecting.connect(wanted.to_domain(context.limits), principal.name))

    @strawberry.mutation(
        description="Let an orchestrator be connected otherwise from now on; it keeps name, kind and history. Needs "
        "the role admin"
    )
    async def update_orchestrator(self, info: Info, identity: IdArgument, wanted: InputArgument) -> Orchestrator:
        """CONFLICT where it comes from a file."""
        context = info.context
        principal = context.require(Role.ADMIN)
        known = ids.parse_as(ids.Kind.ORCHESTRATOR, identity)
        with _changing(context) as connecting:
            return Orchestrator.of(await connecting.update(known, wanted.to_domain(context.limits), principal.name))

    @strawberry.mutation(
        description="Follow an orchestrator no longer, and forget what was typed in for it; its history stays, and "
        "comes back when it is connected again. Needs the role admin"
    )
    async def disconnect_orchestrator(self, info: Info, identity: IdArgument) -> strawberry.ID:
        """CONFLICT where it comes from a file."""
        principal = info.context.require(Role.ADMIN)
        with _changing(info.context) as connecting:
            await connecting.disconnect(ids.parse_as(ids.Kind.ORCHESTRATOR, identity), principal.name)
        return identity


def _connecting(context: Context) -> Connecting:
    return context.services.connecting


@contextmanager
def _changing(context: Context) -> Generator[Connecting]:
    """Afterwards nothing that was loaded before counts any more."""
    try:
        yield _connecting(context)
    finally:
        context.forget()
