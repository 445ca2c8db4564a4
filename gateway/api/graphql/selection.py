"""What a query asks for below a field, so that it can be read in one go."""

from collections.abc import Iterable

from strawberry.types.nodes import SelectedField, Selection

from gateway.api.graphql.context import Info


def names_below(info: Info) -> frozenset[str]:
    """Names of all fields at any depth below the one being resolved; a guess at what will be needed, no promise."""
    found: set[str] = set()
    _collect(info.selected_fields, found)
    return frozenset(found)


def _collect(selections: Iterable[Selection], found: set[str]) -> None:
    for selection in selections:
        if isinstance(selection, SelectedField):
            found.add(selection.name)
        _collect(selection.selections, found)
