"""For whoever operates Podium: alive, ready, metrics."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from gateway.api.access import Access
from gateway.api.services import Services
from gateway.domain.access import Role

OK = "ok"


def router(services: Services, access: Access) -> APIRouter:
    """GET /healthz, /readyz and /metrics."""
    routes = APIRouter(tags=["operations"])

    @routes.head("/healthz", include_in_schema=False)
    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": OK}

    @routes.head("/readyz", include_in_schema=False)
    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        """200 where every part works, else 503; each part says what is wrong with it."""
        parts = dict(await services.readiness.check())
        is_ready = all(state == OK for state in parts.values())
        body = {"status": OK if is_ready else "unavailable", "components": parts}
        return JSONResponse(body, 200 if is_ready else 503, {"cache-control": "no-store"})

    @routes.get("/metrics", dependencies=[access.needs(Role.VIEWER)])
    async def metrics() -> Response:
        """Prometheus."""
        return Response(await run_in_threadpool(generate_latest), media_type=CONTENT_TYPE_LATEST)

    return routes
