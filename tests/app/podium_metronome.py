"""A third party's adapter, as small as one can be: it knows a made-up orchestrator that answers on /version."""

from typing import Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from adapters.sdk.errors import Drift
from adapters.sdk.http import HttpClient, RetryPolicy, basic_auth
from adapters.sdk.manifest import Manifest
from adapters.sdk.protocol import Connection
from gateway.domain.observation import Probe
from gateway.domain.states import Capability, TriggerGuarantee


class Auth(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str = "podium"
    password: SecretStr


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tempo: int = Field(default=120, ge=20, le=300)
    mood: Literal["calm", "lively"] = "calm"


class MetronomeAdapter:
    manifest = Manifest(
        kind="metronome",
        title="Metronome",
        supported_versions=(">=1",),
        capabilities=frozenset({Capability.TRIGGER, Capability.CANCEL, Capability.LOGS}),
        trigger=TriggerGuarantee.AT_LEAST_ONCE,
        trigger_note="It has no key.",
    )
    Auth = Auth
    Options = Options

    def __init__(self, connection: Connection) -> None:
        auth = connection.auth
        assert isinstance(auth, Auth)
        credentials: httpx.Auth = basic_auth(auth.username, auth.password.get_secret_value(), connection.redactor)
        self._http = HttpClient(
            connection, product="Metronome", auth=credentials, retry=RetryPolicy(attempts=2, longest_wait=0.01)
        )

    async def probe(self) -> Probe:
        said = await self._http.read("GET", "version")
        if not isinstance(said, dict) or "beats" not in said:
            raise Drift("That is no metronome.")
        return Probe(
            version=said["version"],
            capabilities=frozenset({Capability.TRIGGER, Capability.LOGS}),
            warnings=("It runs a little fast: wind it less.",),
        )

    async def aclose(self) -> None:
        await self._http.aclose()
