"""``podium lineage``: how a dataset came to be, and what is made from it, as a tree."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.app.cli import options, queries
from gateway.app.cli.failures import CliError, usage
from gateway.app.cli.output import console, note, print_json, table

if TYPE_CHECKING:
    from rich.tree import Tree

    from gateway.app.cli.client import Client

MOST_NODES = 2_000
PAGE = 100
_MARKS = {"Dataset": "cyan", "LineageJob": "", "Pipeline": "bold"}


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(epilog="Example: podium lineage shop.public.orders --upstream --depth 4")(lineage)
    app.command(epilog="Example: podium names shop.public.orders")(names)


def lineage(
    name: Annotated[
        str,
        typer.Argument(
            help="A dataset or job by its name (with its namespace before it where the name is not enough), "
            "or a pipeline as ORCHESTRATOR/KEY.",
            metavar="DATASET_OR_PIPELINE",
        ),
    ],
    *,
    upstream: Annotated[bool, typer.Option("--upstream", "-u", help="Only what it is made from.")] = False,
    downstream: Annotated[bool, typer.Option("--downstream", "-d", help="Only what is made from it.")] = False,
    depth: Annotated[int | None, typer.Option("--depth", min=0, help="At most this many edges away.")] = None,
    as_json: options.JsonFlag = False,
) -> None:
    """Draw how data flows to and from a dataset, job or pipeline."""
    if upstream and downstream:
        usage("--upstream and --downstream exclude each other.", "Leave both out to see both.")
    direction = "UPSTREAM" if upstream else "DOWNSTREAM" if downstream else "BOTH"
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        start = _start(client, name)
        answer = client.ask(
            queries.LINEAGE,
            start={"id": start["id"]},
            direction=direction,
            granularity="PIPELINE" if start["__typename"] == "Pipeline" else "JOB",
            depth=depth,
            maxNodes=MOST_NODES,
        )["lineage"]
    if as_json:
        print_json(answer)
        return
    graph = _Graph(answer["columns"])
    out = console()
    root = answer["columns"]["nodeIds"].index(start["id"])
    if direction != "DOWNSTREAM":
        out.print(graph.tree(f"[bold]{_title(start)}[/] is made from", root, graph.sources))
    if direction != "UPSTREAM":
        out.print(graph.tree(f"[bold]{_title(start)}[/] goes into", root, graph.targets))
    if answer["truncated"]:
        note(f"Only the nearest {MOST_NODES} are shown; narrow it with --depth.")


def names(
    name: Annotated[
        str | None, typer.Argument(help="A dataset by any of its names; else all that have several.", metavar="DATASET")
    ] = None,
    *,
    limit: options.LimitOption = 50,
    as_json: options.JsonFlag = False,
) -> None:
    """Show which names mean one dataset, and why."""
    from gateway.app.cli.client import Client

    with Client(options.settings()) as client:
        found, has_more = _merged(client, limit) if name is None else ([_names_of(client, name)], False)
    if as_json:
        print_json(found)
        return
    rows = [
        [_full(dataset), _full(merge["name"]), _full(merge["other"]), merge["reason"]]
        for dataset in found
        for merge in dataset["merges"]
    ]
    if not rows:
        note("No dataset has several names." if name is None else f"{name} has one name only.")
        return
    console().print(table(["DATASET", "NAME", "MEANS", "BECAUSE"], rows))
    if has_more:
        note(f"Only {limit} datasets are shown; --limit shows more.")


def _merged(client: "Client", limit: int) -> tuple[list[dict[str, Any]], bool]:
    """Datasets with several names, and whether there are more."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = client.ask(queries.MERGED, first=min(limit - len(found), PAGE), after=after)["mergedDatasets"]
        found += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if len(found) >= limit or not page["pageInfo"]["hasNextPage"]:
            return found, page["pageInfo"]["hasNextPage"]


def _names_of(client: "Client", name: str) -> dict[str, Any]:
    start = _start(client, name)
    if start["__typename"] != "Dataset":
        raise CliError(f"{name!r} is not a dataset.", "Only datasets have several names; see `podium names`.")
    return client.ask(queries.NAMES, ids=[start["id"]])["nodes"][0]


def _full(name: Mapping[str, Any]) -> str:
    return f"{name['namespace']} {name['name']}"


class _Graph:
    """The answer's columns, ready to be walked."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns = columns
        self.sources: dict[int, list[int]] = {}
        self.targets: dict[int, list[int]] = {}
        for source, target, kind in zip(columns["sources"], columns["targets"], columns["edgeKinds"], strict=True):
            if kind != "PARENT":
                self.sources.setdefault(target, []).append(source)
                self.targets.setdefault(source, []).append(target)

    def tree(self, title: str, root: int, near: Mapping[int, list[int]]) -> "Tree":
        """Each node once with what is near it; where it comes again, it only says so."""
        from rich.tree import Tree

        drawn = Tree(title, guide_style="dim")
        seen = {root}
        open_ends = [(drawn, place) for place in near.get(root, ())]
        while open_ends:
            branch, place = open_ends.pop(0)
            again = place in seen and place in near
            leaf = branch.add(self._label(place) + (" [dim](see above)[/]" if again else ""))
            if place not in seen:
                seen.add(place)
                open_ends += [(leaf, following) for following in near.get(place, ())]
        if not drawn.children:
            drawn.add("[dim]nothing that is known[/]")
        return drawn

    def _label(self, place: int) -> str:
        from rich.markup import escape

        kind, label = self._columns["nodeTypes"][place], escape(self._columns["labels"][place])
        state, orchestrator = self._columns["states"][place], self._columns["orchestrators"][place]
        mark = _MARKS[kind]
        told = [text for text in (orchestrator, state.lower() if state else None) if text]
        return (f"[{mark}]{label}[/]" if mark else label) + (f" [dim]({', '.join(told)})[/]" if told else "")


def _start(client: "Client", name: str) -> dict[str, Any]:
    """The one thing that is called ``name``. CliError where there is none, or several."""
    orchestrator, slash, key = name.partition("/")
    texts = [name, *filter(None, [name.partition(" ")[2]])]  # as it is, and without the namespace before it
    found = [one for text in texts for one in client.ask(queries.SEARCH, text=text)["search"]]
    named = [one for one in found if name in _names(one)]
    datasets = [one for one in named if one["__typename"] == "Dataset"]
    chosen = named if len(named) == 1 else datasets
    if len(chosen) == 1:
        return chosen[0]
    if named:
        raise CliError(f"{name!r} is the name of {len(named)} things: {_listed(named)}.", "Write one of those.")
    if slash and orchestrator and key and "://" not in name:
        return client.pipeline(orchestrator, key) | {"__typename": "Pipeline"}
    more = f"; the nearest are {_listed(found)}" if found else ""
    raise CliError(
        f"there is no dataset, job or pipeline {name!r}{more}.", "See `podium pipelines`, or search in the UI."
    )


def _names(node: Mapping[str, Any]) -> set[str]:
    """Everything that a node may be called here."""
    if node["__typename"] == "Pipeline":
        return {f"{node['orchestrator']['name']}/{node['key']}"}
    every = [node, *node.get("aliases", ())]
    return {one["name"] for one in every} | {f"{one['namespace']} {one['name']}" for one in every}


def _title(node: Mapping[str, Any]) -> str:
    from rich.markup import escape

    return escape(f"{node['orchestrator']['name']}/{node['key']}" if "key" in node else node["name"])


def _listed(nodes: list[dict[str, Any]]) -> str:
    return ", ".join(repr(max(_names(node), key=len)) for node in nodes[:5])
