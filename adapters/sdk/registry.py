"""Finds adapters by the ``podium.adapters`` entry points, ours and third parties' alike, and opens connections."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from adapters.sdk.protocol import Adapter, Clock, Connection, utc_now
from adapters.sdk.redaction import Redactor
from adapters.sdk.secrets import References, SecretError, Secrets
from adapters.sdk.validation import Fault, faults_of

GROUP = "podium.adapters"


#: What podium.yaml may refer to.
OF_A_FILE = References()


class UnknownKindError(ValueError):
    """No adapter of this kind is installed; the message lists those that are."""


class ConfigurationError(ValueError):
    """A connection that cannot be opened; every fault at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """A connection as podium.yaml and the database hold it: secrets are references here."""

    name: str
    kind: str
    url: str
    auth: Mapping[str, Any] = field(default_factory=dict[str, Any])
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


def kinds() -> list[str]:
    """The installed kinds of orchestrators, sorted."""
    return sorted({point.name for point in entry_points(group=GROUP)})


@cache
def adapter_class(kind: str) -> type[Adapter]:
    """The adapter for a kind. UnknownKindError lists the known ones."""
    for point in entry_points(group=GROUP):
        if point.name == kind:
            loaded: type[Adapter] = point.load()
            return loaded
    raise UnknownKindError(f"{kind!r} is not a known kind of orchestrator; known kinds are {', '.join(kinds())}.")


def check(spec: ConnectionSpec, secrets: Secrets = OF_A_FILE) -> list[Fault]:
    """What is wrong with a spec, without resolving a secret or opening a connection; empty when it is sound."""
    try:
        cls = adapter_class(spec.kind)
    except UnknownKindError as error:
        return [Fault(("kind",), str(error))]
    faults = _literal_secrets(cls.Auth, spec.auth, secrets)
    literal_paths = {fault.path for fault in faults}
    faults += [fault for fault in _validate(cls.Auth, spec.auth, "auth")[1] if fault.path not in literal_paths]
    faults += _validate(cls.Options, spec.options, "options")[1]
    return faults


def open_adapter(
    spec: ConnectionSpec,
    *,
    clock: Clock = utc_now,
    timeout: float = 30.0,
    on_call: Callable[[str, float], None] = lambda _outcome, _seconds: None,
    secrets: Secrets = OF_A_FILE,
) -> Adapter:
    """An adapter ready for use. ConfigurationError for an unsound spec or a secret that cannot be resolved."""
    if faults := check(spec, secrets):
        raise ConfigurationError(faults)
    cls = adapter_class(spec.kind)
    auth, references = _resolve(cls.Auth, spec.auth, secrets)
    auth_model, auth_faults = _validate(cls.Auth, auth, "auth")
    options, _ = _validate(cls.Options, spec.options, "options")
    if auth_model is None or options is None:
        raise ConfigurationError(auth_faults)
    connection = Connection(
        name=spec.name,
        url=spec.url,
        auth=auth_model,
        options=options,
        redactor=Redactor(_secrets_in(auth_model)),
        clock=clock,
        timeout=timeout,
        references=references,
        on_call=on_call,
    )
    return cls(connection)


def secret_fields(model: type[BaseModel]) -> set[str]:
    """Which of an ``Auth`` model's fields hold secrets."""
    return {name for name, info in model.model_fields.items() if "SecretStr" in str(info.annotation)}


def _secrets_in(model: BaseModel) -> list[str]:
    values = (getattr(model, name) for name in type(model).model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


def _literal_secrets(model: type[BaseModel], values: Mapping[str, Any], secrets: Secrets) -> list[Fault]:
    remedy = "a secret is given by reference, env:NAME or file:PATH, so that it is stored nowhere."
    return [
        Fault(("auth", name), remedy)
        for name in sorted(secret_fields(model) & values.keys())
        if not (isinstance(values[name], str) and secrets.is_pointer(values[name], is_secret=True))
    ]


def _resolve(
    model: type[BaseModel], values: Mapping[str, Any], secrets: Secrets
) -> tuple[dict[str, Any], dict[str, str]]:
    resolved: dict[str, Any] = {}
    references: dict[str, str] = {}
    faults: list[Fault] = []
    secret = secret_fields(model)
    for name, value in values.items():
        resolved[name] = value
        if not (isinstance(value, str) and secrets.is_pointer(value, is_secret=name in secret)):
            continue
        references[name] = secrets.shown(value)
        try:
            text = secrets.resolve(value)
        except SecretError as error:
            faults.append(Fault(("auth", name), str(error)))
        else:
            resolved[name] = SecretStr(text) if name in secret else text
    if faults:
        raise ConfigurationError(faults)
    return resolved, references


def _validate(model: type[BaseModel], values: Mapping[str, Any], section: str) -> tuple[BaseModel | None, list[Fault]]:
    try:
        return model.model_validate(dict(values)), []
    except ValidationError as error:
        return None, faults_of(error, model, at=(section,), show_values=section != "auth")
