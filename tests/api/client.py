"""A GraphQL client as small as can be."""

from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Api:
    """Asks, and hands out data or errors."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    def with_token(self, token: str) -> "Api":
        return Api(self.http, {"Authorization": f"Bearer {token}"})

    async def send(self, query: str, **variables: Any) -> httpx.Response:
        return await self.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=self.headers, timeout=30
        )

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data; there must be no error."""
        response = await self.send(query, **variables)
        answer = response.json()
        assert response.status_code == 200, answer
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def error(self, query: str, **variables: Any) -> Any:
        """The one error there must be."""
        answer = (await self.send(query, **variables)).json()
        assert len(answer["errors"]) == 1, answer
        return answer["errors"][0]
