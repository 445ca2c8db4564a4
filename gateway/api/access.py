"""Roles on REST routes."""

from typing import Any

from fastapi import Depends, Request

from gateway.api.auth import Authenticator
from gateway.api.callers import caller_of
from gateway.domain.access import Principal, Role


class Access:
    """Makes the dependencies that let callers in."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    def needs(self, role: Role) -> Any:
        """A dependency that refuses callers whose role does not include ``role``."""

        async def check(request: Request) -> Principal:
            return await self._authenticator.authenticate(caller_of(request), role)

        return Depends(check)
