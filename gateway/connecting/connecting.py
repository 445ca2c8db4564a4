"""Connects orchestrators on behalf of people: tries a connection, stores it, changes it, lets it go.

What is stored is followed at once: the commit tells every replica's supervisor. What a file defines is left alone.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from adapters.sdk.protocol import Clock
from adapters.sdk.registry import ConfigurationError, UnknownKindError, adapter_class, open_adapter, secret_fields
from adapters.sdk.secrets import SecretError, Secrets, is_reference
from adapters.sdk.validation import Fault, faults_of, unknown_key
from gateway.connecting.entry import OrchestratorEntry
from gateway.domain.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.domain.records import Orchestrator, OrchestratorDefinition
from gateway.store.database import Database, ReadSession, WriteSession
from gateway.store.repository import orchestrators
from gateway.sync.connections import spec_of
from gateway.sync.probing import Report, probe
from gateway.sync.vault import API, ENVIRONMENT_PREFIX, OfTheApi, Rules, Vault, is_sealed, on_trial, server_of

log = structlog.get_logger(__name__)

#: Seconds for each request of a trial: a person waits.
PATIENCE = 5.0
#: Trials at once; more wait.
TRIALS = 4
#: What messages about a trial call the orchestrator; nobody sees it.
_TRIAL = "trial"
_HOW_TO_GIVE_IT = "Send one of value, reference and keep."
#: What the API calls the keys of podium.yaml.
_SPELLED = {"poll": "pollInterval", "backfill": "backfill", "lineage_namespaces": "lineageNamespaces"}


@dataclass(frozen=True, slots=True)
class Given:
    """One field of ``auth`` as a person gives it: exactly one of the three."""

    name: str
    value: str | None = field(default=None, repr=False)
    reference: str | None = None
    #: Leave it as it is stored.
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A connection as a person describes it."""

    name: str
    kind: str
    url: str
    auth: Sequence[Given] = ()
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    poll: timedelta | None = None
    backfill: timedelta | None = None
    lineage_namespaces: Sequence[str] = ()


class Connecting:
    """Raises RequestError kinds: InvalidInputError with the first fault, ConflictError for what a file defines."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._trials = asyncio.Semaphore(TRIALS)

    def rules(self) -> Rules:
        """How secrets can be given."""
        return self._vault.rules()

    async def test(self, wanted: Wanted, orchestrator_id: int | None = None) -> Report:
        """Who answers, what we may do there, what is missing, or why not. It stores nothing.

        ``orchestrator_id``: the one whose kept secrets are meant.
        """
        known = None
        if orchestrator_id is not None:
            async with self._database.read() as session:
                known = await _changeable(session, orchestrator_id)
        await _load(wanted.kind)
        typed: dict[str, str] = {}
        definition = self._definition(replace(wanted, name=_TRIAL), known, typed)
        async with self._trials:
            return await probe(definition, PATIENCE, OfTheApi(self._vault, definition.url, typed))

    async def connect(self, wanted: Wanted, requested_by: str) -> Orchestrator:
        """Store it, to be followed from now on; one that was connected before comes back with its history."""
        await _load(wanted.kind)
        definition = self._definition(wanted, None, None)
        async with self._database.write() as session:
            await orchestrators.claim_names(session)
            known = await orchestrators.known_as(session, definition.name)
            if known is not None and known.removed_at is None:
                raise ConflictError(
                    f"input.name: {definition.name!r} is the name of the {known.kind} at {known.definition.url} "
                    "already.",
                    remedy="Use another name.",
                )
            if known is not None and known.kind != definition.kind:
                raise ConflictError(
                    f"input.name: {definition.name!r} was connected as {known.kind} and has a history of that kind.",
                    remedy="Use another name.",
                )
            stored = await self._store(session, definition)
        log.info("orchestrator connected", orchestrator=stored.name, url=stored.definition.url, by=requested_by)
        return stored

    async def update(self, orchestrator_id: int, wanted: Wanted, requested_by: str) -> Orchestrator:
        """Let it be so from now on; it keeps its name, its kind and its history."""
        await _load(wanted.kind)
        async with self._database.write() as session:
            await orchestrators.claim_names(session)
            known = await _changeable(session, orchestrator_id)
            for name, given, fixed in (("name", wanted.name, known.name), ("kind", wanted.kind, known.kind)):
                if given != fixed:
                    message = f"input.{name}: {given!r} is not {fixed!r}, and the history hangs on it."
                    raise InvalidInputError(message, remedy=f"Send the {name} it has, or connect another one.")
            stored = await self._store(session, self._definition(wanted, known, None))
        log.info("orchestrator changed", orchestrator=stored.name, url=stored.definition.url, by=requested_by)
        return stored

    async def disconnect(self, orchestrator_id: int, requested_by: str) -> Orchestrator:
        """Follow it no longer, and forget what was typed in for it; its history stays."""
        async with self._database.write() as session:
            await orchestrators.claim_names(session)
            known = await _changeable(session, orchestrator_id)
            await orchestrators.remove(session, known.name, self._clock())
        log.info("orchestrator disconnected", orchestrator=known.name, by=requested_by)
        return known

    async def _store(self, session: WriteSession, definition: OrchestratorDefinition) -> Orchestrator:
        await _check_opens(definition, self._vault.secrets_of(API, definition.url))
        identity = await orchestrators.define(session, definition, API, self._clock())
        return (await orchestrators.by_ids(session, [identity]))[identity]

    def _definition(
        self, wanted: Wanted, known: Orchestrator | None, typed: dict[str, str] | None
    ) -> OrchestratorDefinition:
        """What would be stored; with ``typed``, what people have typed in goes there. InvalidInputError."""
        entry: dict[str, Any] = {"name": wanted.name, "kind": wanted.kind, "url": wanted.url}
        entry["options"] = dict(wanted.options)
        entry["lineage_namespaces"] = list(wanted.lineage_namespaces)
        entry |= {"poll": wanted.poll} if wanted.poll is not None else {}
        entry |= {"backfill": wanted.backfill} if wanted.backfill is not None else {}
        try:
            checked = OrchestratorEntry.model_validate(entry)
        except ValidationError as error:
            raise _invalid(faults_of(error, OrchestratorEntry)[0]) from None
        kept = _Kept({}, None) if known is None else _Kept(known.definition.auth, known.definition.url)
        return checked.model_copy(update={"auth": self._auth(wanted, checked.url, kept, typed)}).definition()

    def _auth(self, wanted: Wanted, url: str, kept: "_Kept", typed: dict[str, str] | None) -> dict[str, Any]:
        model = adapter_class(wanted.kind).Auth
        found: dict[str, Any] = {}
        for one in wanted.auth:
            if one.name not in model.model_fields:
                raise _invalid(Fault(("auth", one.name), unknown_key(one.name, list(model.model_fields))))
            if one.name in found or sum((one.value is not None, one.reference is not None, one.keep)) != 1:
                raise _invalid(Fault(("auth", one.name), "is given more than once, or not at all."), _HOW_TO_GIVE_IT)
            if one.keep:
                found[one.name] = kept.value(one.name, url)
            elif one.reference is not None:
                found[one.name] = _reference(one.name, one.reference, is_secret=one.name in secret_fields(model))
            elif one.name not in secret_fields(model):
                found[one.name] = one.value
            elif typed is not None:
                typed[one.name] = one.value or ""
                found[one.name] = on_trial(one.name)
            else:
                found[one.name] = self._sealed(one.name, one.value or "", url)
        return found

    def _sealed(self, name: str, value: str, url: str) -> str:
        try:
            return self._vault.seal(value, url)
        except SecretError as error:
            raise _invalid(Fault(("auth", name), str(error))) from None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is stored already, and for which url."""

    auth: Mapping[str, Any]
    url: str | None

    def value(self, name: str, url: str) -> Any:
        """As it is stored. InvalidInputError where there is none, or it was typed in for another server."""
        if name not in self.auth:
            raise _invalid(Fault(("auth", name), "is not stored, so it cannot be kept."), "Give its value.")
        if is_sealed(self.auth[name]) and self.url is not None and server_of(self.url) != server_of(url):
            message = f"what was typed in is for {server_of(self.url)} and is not sent to {server_of(url)}."
            raise _invalid(Fault(("auth", name), message), "Type it in again.")
        return self.auth[name]


def _reference(name: str, reference: str, *, is_secret: bool) -> str:
    path = ("auth", name)
    if not is_reference(reference):
        remedy = f"Write env:{ENVIRONMENT_PREFIX}NAME or file:NAME, or send it as value."
        raise _invalid(Fault(path, "is no reference."), remedy)  # not quoted: it may be the secret itself
    if not is_secret:
        raise _invalid(Fault(path, f"{reference!r} is a reference, and this is no secret."), "Send it as value.")
    return reference


async def _load(kind: str) -> None:
    """Import an adapter beside the event loop: some bring large libraries."""
    with contextlib.suppress(UnknownKindError):  # it is refused with all that can be said of it
        await asyncio.to_thread(adapter_class, kind)


async def _check_opens(definition: OrchestratorDefinition, secrets: Secrets) -> None:
    """InvalidInputError where no connection could be opened with it. Nobody is asked."""
    try:
        adapter = open_adapter(spec_of(definition), timeout=PATIENCE, secrets=secrets)
    except ConfigurationError as error:
        raise _invalid(error.faults[0]) from None
    await adapter.aclose()


async def _changeable(session: ReadSession, orchestrator_id: int) -> Orchestrator:
    known = (await orchestrators.by_ids(session, [orchestrator_id])).get(orchestrator_id)
    if known is None or known.removed_at is not None:
        raise NotFoundError("There is no such orchestrator.", remedy="`orchestrators` lists them.")
    if known.origin != API:
        raise ConflictError(
            f"{known.name} comes from podium.yaml.", remedy="Change it there, and apply the file again."
        )
    return known


def _invalid(fault: Fault, remedy: str | None = None) -> InvalidInputError:
    first, *rest = fault.path or ("",)
    path = [_SPELLED.get(str(first), str(first)), *map(str, rest)]
    return InvalidInputError(f"input.{'.'.join(path)}: {fault.message}", remedy=remedy)
