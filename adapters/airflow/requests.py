"""Lets Airflow's official client build requests without sending them.

The client is generated from Airflow's OpenAPI, so paths, parameters and bodies are the vendor's own. It is synchronous
and raises on enum values newer than itself, so our HTTP kit does the sending and the reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
import orjson
from airflow_client.client import ApiClient, Configuration


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the generated methods take for an answer: the request they have built."""

    response: httpx.Request


class RequestBuilder:
    """Stands in for the client's own HTTP layer and sends nothing."""

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: object = None,  # noqa: ARG002  # part of the interface
        _request_timeout: object = None,
    ) -> Prepared:
        """The request, ready to be sent."""
        sent = {name: value for name, value in (headers or {}).items() if name.lower() != "user-agent"}
        content = None if body is None else orjson.dumps(body)
        return Prepared(httpx.Request(method, url, headers=sent, content=content))


def api_client(url: str) -> ApiClient:
    """The official client for a deployment, building requests only."""
    client = ApiClient(Configuration(host=url.rstrip("/")))
    client.rest_client = cast("Any", RequestBuilder())
    return client
