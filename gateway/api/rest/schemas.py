"""JSON Schemas of what Podium sends to others."""

from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

#: As https://json-schema.org/draft/2020-12/json-schema-core#section-14 has it.
MEDIA_TYPE = "application/schema+json"
NOTIFICATION = files("gateway.alerts").joinpath("notification.schema.json").read_bytes()


def router() -> APIRouter:
    """GET /api/v1/schemas/notification.json; like openapi.json, it is for everybody."""
    routes = APIRouter(prefix="/api/v1/schemas", tags=["schemas"])

    @routes.get("/notification.json")
    async def notification() -> Response:
        """What a webhook receives, as JSON Schema."""
        return Response(NOTIFICATION, media_type=MEDIA_TYPE, headers={"cache-control": "max-age=3600"})

    return routes
