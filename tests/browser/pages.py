"""Every page there is, by its route: what leads to it where much is to be seen, and when it has all come in.

A new page is one line here, and is then pictured and tried for accessibility. A test fails where one is missing.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.async_api import Page, expect

from tests.browser.staging import BOARD, ask

ROUTE_TREE = Path(__file__).parents[2] / "ui" / "src" / "routeTree.gen.ts"


def routes() -> set[str]:
    """What the router knows, as ``/runs/$runId``; without those at whose place another one stands."""
    found = re.search(r"fullPaths:((?:\s+\| '[^']+')+)", ROUTE_TREE.read_text(encoding="utf-8"))
    assert found is not None, "routeTree.gen.ts is laid out otherwise than it was."
    return {path.rstrip("/") or "/" for path in re.findall(r"'([^']+)'", found[1])}


@dataclass(frozen=True)
class Visit:
    """A page as it is pictured."""

    name: str
    #: Selects what is there only when the page is whole.
    whole: str
    #: What stands for the ``$`` of the route or the search; given the gateway's address.
    of: Callable[[str], Awaitable[str]] | None = None
    #: After a ``?``
    search: str = ""

    async def go(self, page: Page, url: str, route: str) -> None:
        """Be there, with everything in sight."""
        place = quote(await self.of(url)) if self.of else ""
        await page.goto(url + re.sub(r"\$\w+", place, f"{route}?{self.search}".removesuffix("?")))
        await expect(page.locator(self.whole).first).to_be_visible()
        await expect(page.locator("main [role=status][aria-label^=Loading]")).to_have_count(0)


def _name(name: str) -> Callable[[str], Awaitable[str]]:
    async def of(_url: str) -> str:
        return name

    return of


async def _pipeline(url: str) -> str:
    said = await ask(url, '{pipeline(orchestrator: "dagster-analytics", key: "marts") {id}}')
    return said["pipeline"]["id"]


async def _run(url: str) -> str:
    said = await ask(url, "{runs(first: 200, filter: {states: [FAILED]}) {edges {node {id pipeline {key}}}}}")
    found = [edge["node"] for edge in said["runs"]["edges"]]
    return next(run["id"] for run in found if run["pipeline"]["key"] == "ingest_sales")


async def _incident(url: str) -> str:
    said = await ask(url, "{incidents {edges {node {id title}}}}")
    return next(edge["node"]["id"] for edge in said["incidents"]["edges"] if "ingest_sales" in edge["node"]["title"])


async def _dataset(url: str) -> str:
    said = await ask(url, '{dataset(namespace: "postgres://warehouse:5432", name: "sales.orders") {id}}')
    return said["dataset"]["id"]


#: By route, as the router has them.
PAGES = {
    "/": Visit("overview", "table[aria-label='Latest runs'] tbody tr"),
    "/pipelines": Visit("pipelines", "table[aria-label=Pipelines] tbody tr"),
    "/pipelines/$pipelineId": Visit("pipeline", ".recharts-surface", _pipeline),
    "/runs": Visit("runs", "table[aria-label=Runs] tbody tr"),
    "/runs/$runId": Visit("run", "section:has(> header h2:text('Task runs')) button", _run),
    "/dependencies": Visit("dependencies", "ul[aria-label=Dependencies] li"),
    "/dependencies/$name": Visit("dependency", "table[aria-label=Firings] tbody tr", _name(BOARD)),
    "/dependencies/$name/edit": Visit(
        "dependency-editor", "ul[aria-label='What it would have fired'] li", _name(BOARD)
    ),
    "/new-dependency": Visit("new-dependency", "form"),
    "/lineage": Visit("lineage", "[role=group][aria-label='Lineage graph'] [role=button]", _dataset, "node=$dataset"),
    "/slas": Visit("slas", "table[aria-label='Adherence by owner'] tbody tr"),
    "/slas/$slaName": Visit("sla", "[role=grid][aria-label='Day by day']", _name("finance-by-noon")),
    "/incidents": Visit("incidents", "table[aria-label='Resolved incidents'] tbody tr"),
    "/kpis": Visit("kpis", "table[aria-label^='Key figures by'] tbody tr"),
    "/orchestrators": Visit("orchestrators", "article[aria-label='dagster-analytics']"),
    "/orchestrators/$name/edit": Visit("edit-connection", "main h1", _name("dagster-analytics")),
    "/connect": Visit("connect", "main form, main [role=radiogroup], main button"),
    "/incidents/$incidentId": Visit("incident", "text=Given up", _incident),
}
