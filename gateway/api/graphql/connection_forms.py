"""What can be connected, and what each kind of orchestrator wants to be told."""

import asyncio
from datetime import timedelta

import strawberry

from adapters.sdk.registry import UnknownKindError, adapter_class, secret_fields
from gateway.api.graphql.context import Info
from gateway.api.graphql.enums import Capability, FieldType, Role
from gateway.api.graphql.scalars import Json
from gateway.connecting.forms import Form, FormField, forms
from gateway.domain.records import OrchestratorDefinition
from gateway.sync.vault import is_sealed


@strawberry.type(description="One field of `auth` or `options`")
class ConnectionField:
    """One field of a form."""

    name: str
    title: str
    help: str | None
    type: FieldType
    is_secret: bool = strawberry.field(description="Its value never comes back")
    is_required: bool
    default: Json | None
    choices: list[str] = strawberry.field(description="Of a CHOICE")
    minimum: float | None
    maximum: float | None
    way: str | None = strawberry.field(
        description="A way of logging in: fields of one go together, and exclude those of others"
    )

    @classmethod
    def of(cls, field: FormField) -> "ConnectionField":
        """As the adapter's model has it."""
        return cls(
            name=field.name,
            title=field.title,
            help=field.help,
            type=field.type,
            is_secret=field.is_secret,
            is_required=field.is_required,
            default=field.default,
            choices=list(field.choices),
            minimum=field.minimum,
            maximum=field.maximum,
            way=field.way,
        )


@strawberry.type(description="A kind of orchestrator that can be connected")
class OrchestratorKind:
    """A kind of orchestrator."""

    kind: str
    title: str
    supported_versions: list[str] = strawberry.field(description="Those that it is tried with, such as >=3.0")
    capabilities: list[Capability]
    auth: list[ConnectionField]
    options: list[ConnectionField]

    @classmethod
    def of(cls, form: Form) -> "OrchestratorKind":
        """As its adapter says."""
        manifest = form.manifest
        return cls(
            kind=manifest.kind,
            title=manifest.title,
            supported_versions=list(manifest.supported_versions),
            capabilities=sorted(manifest.capabilities),
            auth=[ConnectionField.of(field) for field in form.auth],
            options=[ConnectionField.of(field) for field in form.options],
        )


@strawberry.type(description="How secrets can be given when an orchestrator is connected")
class SecretRules:
    """How secrets can be given."""

    can_be_typed: bool = strawberry.field(description="Then they are stored encrypted")
    remedy: str | None = strawberry.field(description="What to do so that they can be")
    environment_prefix: str = strawberry.field(description="A reference env:NAME leads to names that begin so")
    can_be_files: bool = strawberry.field(description="Whether references file:NAME lead anywhere")


@strawberry.type(description="How one field of `auth` is set; neither value nor reference: a secret was typed in")
class ConnectionValue:
    """How one field is set."""

    name: str
    value: Json | None
    reference: str | None


@strawberry.type(description="How an orchestrator is connected, without any secret")
class OrchestratorConnectionSettings:
    """For the form that changes it."""

    auth: list[ConnectionValue]
    options: Json
    backfill: timedelta
    lineage_namespaces: list[str]

    @classmethod
    def of(cls, definition: OrchestratorDefinition) -> "OrchestratorConnectionSettings":
        """As it is stored, but for what was typed into secret fields."""
        try:
            secret = secret_fields(adapter_class(definition.kind).Auth)
        except (UnknownKindError, ImportError):
            secret = set(definition.auth)
        return cls(
            auth=[
                ConnectionValue(
                    name=name,
                    value=None if name in secret else value,
                    reference=value if name in secret and not is_sealed(value) else None,
                )
                for name, value in definition.auth.items()
            ],
            options=Json(dict(definition.options)),
            backfill=timedelta(seconds=definition.backfill_seconds),
            lineage_namespaces=list(definition.lineage_namespaces),
        )


@strawberry.type
class ConnectionQueries:
    """What can be asked before something is connected."""

    @strawberry.field(description="The kinds of orchestrators that can be connected, by title")
    async def orchestrator_kinds(self, info: Info) -> list[OrchestratorKind]:
        """Those whose adapters are installed; the first time they are imported, beside the event loop."""
        info.context.require(Role.VIEWER)
        return [OrchestratorKind.of(form) for form in await asyncio.to_thread(forms)]

    @strawberry.field(description="How secrets can be given when an orchestrator is connected; needs the role admin")
    def secret_rules(self, info: Info) -> SecretRules:
        """As this Podium is set up."""
        info.context.require(Role.ADMIN)
        rules = info.context.services.connecting.rules()
        return SecretRules(
            can_be_typed=rules.why_not_typed is None,
            remedy=rules.why_not_typed,
            environment_prefix=rules.environment_prefix,
            can_be_files=rules.has_folder,
        )
