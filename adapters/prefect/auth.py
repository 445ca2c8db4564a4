"""Who we are to Prefect: nobody, the open-source server's basic authentication, or the owner of a Cloud API key."""

from typing import Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.sdk.forms import PASSWORD
from adapters.sdk.http import basic_auth
from adapters.sdk.protocol import Connection


class Auth(BaseModel):
    """``auth:`` of a Prefect connection; leave it out for a server without authentication."""

    model_config = ConfigDict(extra="forbid")

    api_key: SecretStr | None = Field(
        default=None,
        title="API key",
        description="A key of Prefect Cloud, or the bearer token that a proxy in front of a server asks for.",
        json_schema_extra={"way": "API key"},
    )
    username: str | None = Field(
        default=None,
        description="The open-source server's basic authentication, in two parts.",
        json_schema_extra=PASSWORD,
    )
    password: SecretStr | None = Field(default=None, json_schema_extra=PASSWORD)
    auth_string: SecretStr | None = Field(
        default=None,
        description='The same in one, as PREFECT_API_AUTH_STRING has it: "admin:password".',
        json_schema_extra={"way": "Auth string"},
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together")
        if sum(way is not None for way in (self.api_key, self.password, self.auth_string)) > 1:
            raise ValueError("give one of api_key, auth_string, or username and password")
        if self.auth_string is not None and ":" not in self.auth_string.get_secret_value():
            raise ValueError('auth_string is "username:password"')
        return self


def headers(auth: Auth) -> dict[str, str]:
    """The header that carries an API key; empty without one."""
    if auth.api_key is None:
        return {}
    return {"authorization": f"Bearer {auth.api_key.get_secret_value()}"}


def basic(auth: Auth, connection: Connection) -> httpx.BasicAuth | None:
    """Basic authentication where it is configured, in one part or in two."""
    if auth.auth_string is not None:
        username, _, password = auth.auth_string.get_secret_value().partition(":")
        return basic_auth(username, password, connection.redactor)
    if auth.username is not None and auth.password is not None:
        return basic_auth(auth.username, auth.password.get_secret_value(), connection.redactor)
    return None
