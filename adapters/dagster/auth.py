"""Who we are to Dagster: nobody (open source has no login), a Dagster+ token, or what a proxy in front asks for."""

from typing import Literal, Self
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.sdk.forms import PASSWORD, TOKEN
from adapters.sdk.http import basic_auth
from adapters.sdk.protocol import Connection

CLOUD_HEADER = "Dagster-Cloud-Api-Token"
CLOUD_DOMAINS = (".dagster.cloud", ".dagster.plus")


class Auth(BaseModel):
    """``auth:`` of a Dagster connection; leave it out for an open-source server without a proxy."""

    model_config = ConfigDict(extra="forbid")

    token: SecretStr | None = Field(
        default=None,
        description="A Dagster+ user or agent token, or the bearer token that a proxy asks for.",
        json_schema_extra=TOKEN,
    )
    scheme: Literal["cloud", "bearer"] | None = Field(
        default=None,
        title="Send the token as",
        description='By default "cloud" to Dagster+ hosts and "bearer" elsewhere.',
        json_schema_extra=TOKEN,
    )
    username: str | None = Field(
        default=None, description="For the basic authentication of a proxy.", json_schema_extra=PASSWORD
    )
    password: SecretStr | None = Field(default=None, json_schema_extra=PASSWORD)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together")
        if self.token and self.password:
            raise ValueError("give either a token or username and password")
        return self


def headers(auth: Auth, url: str) -> dict[str, str]:
    """The header that carries the token to a server at ``url``; empty without one."""
    if auth.token is None:
        return {}
    token = auth.token.get_secret_value()
    host = urlsplit(url).hostname or ""
    if (auth.scheme or ("cloud" if host.endswith(CLOUD_DOMAINS) else "bearer")) == "cloud":
        return {CLOUD_HEADER: token}
    return {"authorization": f"Bearer {token}"}


def basic(auth: Auth, connection: Connection) -> httpx.BasicAuth | None:
    """Basic authentication where a username is configured."""
    if auth.username is None or auth.password is None:
        return None
    return basic_auth(auth.username, auth.password.get_secret_value(), connection.redactor)
