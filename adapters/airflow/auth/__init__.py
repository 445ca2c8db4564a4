"""Who we are to an Airflow deployment. Each identity (self-hosted, and managed ones to come) is one small module."""

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.airflow.auth.bearer import BearerToken
from adapters.airflow.auth.login import TokenLogin
from adapters.sdk.forms import PASSWORD, TOKEN
from adapters.sdk.http import basic_auth
from adapters.sdk.protocol import Connection


class Auth(BaseModel):
    """``auth:`` of an Airflow connection: a user name and password, or a token somebody else has made."""

    model_config = ConfigDict(extra="forbid")

    username: str | None = Field(
        default=None, description="A user that may read DAGs and start runs.", json_schema_extra=PASSWORD
    )
    password: SecretStr | None = Field(default=None, json_schema_extra=PASSWORD)
    token: SecretStr | None = Field(
        default=None, description="A token that somebody else has made; it is sent as it is.", json_schema_extra=TOKEN
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Auth":
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")
        if self.username is not None and self.token is not None:
            raise ValueError("give either username and password, or token")
        return self


def for_api_v2(auth: Auth, connection: Connection) -> httpx.Auth | None:
    """Airflow 3: a token, ours or one that a login brings."""
    if auth.token is not None:
        return BearerToken(auth.token.get_secret_value())
    if auth.username is not None and auth.password is not None:
        return TokenLogin(connection, auth.username, auth.password.get_secret_value())
    return None


def for_api_v1(auth: Auth, connection: Connection) -> httpx.Auth | None:
    """Airflow 2: basic authentication, or a token that a proxy in front of it asks for."""
    if auth.token is not None:
        return BearerToken(auth.token.get_secret_value())
    if auth.username is not None and auth.password is not None:
        return basic_auth(auth.username, auth.password.get_secret_value(), connection.redactor)
    return None
