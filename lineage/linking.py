"""Which names mean one dataset: by rule, by symlink, or because it was renamed; found anew whenever a link changes."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.store.database import WriteSession
from gateway.store.repository import lineage_state
from lineage.naming import Naming
from lineage.openlineage.members import items
from lineage.openlineage.state import DatasetName, State, is_deleted, name_id

#: (name, other name, reason)
Link = tuple[int, int, str]


def add_normal_names(state: State, naming: Naming) -> None:
    """Makes known the names that rules lead to."""
    for name in list(state.names.values()):
        found = naming.normal(name.namespace, name.name)
        if found.reasons:
            state.name(found.namespace, found.name)


def links_of(key: int, name: DatasetName, naming: Naming) -> Iterator[Link]:
    """The links that begin at a name."""
    found = naming.normal(name.namespace, name.name)
    if found.reasons:
        yield key, name_id(found.namespace, found.name), "; ".join(found.reasons)
    for link in items(_facet(name, "symlinks"), "identifiers"):
        yield key, name_id(link["namespace"], link["name"]), "symlink"
    renamed = _facet(name, "lifecycleStateChange")
    if renamed.get("lifecycleStateChange") == "RENAME" and renamed.get("previousIdentifier"):
        previous = renamed["previousIdentifier"]
        yield key, name_id(previous["namespace"], previous["name"]), "renamed"


async def relink(session: WriteSession, names: Mapping[int, DatasetName], naming: Naming) -> set[int]:
    """Bring links and datasets up to date with some names; returns the names that now mean another dataset."""
    wanted = {link for key, name in names.items() for link in links_of(key, name, naming) if link[1] != key}
    touching = await lineage_state.links_at(session, names)
    stored = {link for link in touching if link[0] in names}
    if wanted != stored:
        await lineage_state.replace_links(session, {link[0] for link in wanted ^ stored}, _of_changed(wanted, stored))
    linked = {end for link in (*touching, *wanted) for end in link[:2]}
    if not linked:
        return set()
    return await _regroup(session, linked, naming)


def _of_changed(wanted: set[Link], stored: set[Link]) -> set[Link]:
    changed = {link[0] for link in wanted ^ stored}
    return {link for link in wanted if link[0] in changed}


async def _regroup(session: WriteSession, linked: set[int], naming: Naming) -> set[int]:
    """Let one name of each group of linked ones stand for all of them."""
    links: set[Link] = set()
    known: set[int] = set()
    while linked - known:
        unknown = linked - known
        known |= unknown
        links |= set(await lineage_state.links_at(session, unknown))
        linked |= {end for link in links for end in link[:2]}
    stored = await lineage_state.names(session, known)
    moved: set[int] = set()
    for group in _groups(known, links):
        chosen = _chosen([stored[key] for key in group if key in stored], naming)
        changed = {key for key in group if key in stored and stored[key].dataset_id != chosen}
        if changed:
            await lineage_state.set_dataset(session, chosen, changed)
        moved |= changed
    return moved


def _groups(names: set[int], links: set[Link]) -> list[set[int]]:
    neighbours: dict[int, set[int]] = {name: set() for name in names}
    for one, other, _ in links:
        neighbours[one].add(other)
        neighbours[other].add(one)
    groups: list[set[int]] = []
    left = set(names)
    while left:
        group, border = set[int](), {left.pop()}
        while border:
            group |= border
            border = {near for name in border for near in neighbours[name]} - group
        left -= group
        groups.append(group)
    return groups


def _chosen(group: list[Any], naming: Naming) -> int:
    """The name that stands for a group: the first, by letter, of those that events used, as rules spell it."""
    own = [row for row in group if row.is_own] or group
    spelled = (naming.normal(row.namespace, row.name) for row in own)
    first = min((one.namespace, one.name) for one in spelled)
    return name_id(*first)


def _facet(name: DatasetName, kind: str) -> Mapping[str, Any]:
    known = name.facets.get(kind)
    return {} if known is None or is_deleted(known[1]) else known[1]
