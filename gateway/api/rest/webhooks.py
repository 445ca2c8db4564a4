"""Push from orchestrators."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from gateway.api.access import Access
from gateway.api.services import Services
from gateway.domain.access import Role
from gateway.domain.errors import InvalidInputError


class Received(BaseModel):
    """How many runs a message was about."""

    runs: int


def router(services: Services, access: Access) -> APIRouter:
    """POST /api/v1/webhooks/{orchestrator}."""
    routes = APIRouter(prefix="/api/v1", tags=["push"])

    @routes.post("/webhooks/{orchestrator}", status_code=202, dependencies=[access.needs(Role.OPERATOR)])
    async def receive(orchestrator: Annotated[str, Path(max_length=200)], request: Request) -> Received:
        """A message from an orchestrator, in its own form. The runs it is about are read at once."""
        body = _json(await request.body())
        return Received(runs=await services.webhooks.receive(orchestrator, request.headers, body))

    return routes


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(f"The body is not JSON: {error}.", remedy="Send what the orchestrator sends.") from None
