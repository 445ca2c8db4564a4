"""Keeps the stored names in line with the naming rules: whenever those change, every name is looked at anew."""

from gateway.domain.records import LINEAGE_NAMES
from gateway.store.database import ReadSession, WriteSession
from gateway.store.repository import definitions, lineage_log, lineage_state
from lineage import linking, rows
from lineage.naming import BUILT_IN, Naming
from lineage.openlineage.edges import Edges
from lineage.openlineage.state import State, identity

#: Names of one step.
PORTION = 500
#: Raise it when built-in rules change.
VERSION = 1
DONE = 2**63 - 1
PREFIX = "naming "


class Renaming:
    """``naming`` is what held at the last look."""

    def __init__(self) -> None:
        self.naming = BUILT_IN
        self._rules: list[object] = []

    async def look(self, session: ReadSession) -> Naming:
        """The rules that hold now."""
        found = await definitions.of(session, LINEAGE_NAMES)
        rules = [rule for one in found for rule in one.document]
        if rules != self._rules:
            self.naming, self._rules = Naming(rules), rules
        return self.naming

    async def step(self, session: WriteSession) -> set[int] | None:
        """Bring the next names in line; returns those that now mean another dataset, or None where all are in line.

        Only one may do so at a time.
        """
        reader = f"{PREFIX}{identity(str(VERSION), repr(self._rules))}"
        known = await lineage_log.positions(session, PREFIX)
        if reader not in known:
            for other in known:
                await lineage_log.forget(session, other)
        position = known.get(reader, -1)
        if position == DONE:
            return None
        found = await lineage_state.names_after(session, position, PORTION)
        await lineage_log.advance(session, reader, found[-1].id if found else DONE)
        if not found:
            return None
        state = State(names={row.id: rows.name_of(row) for row in found})
        linking.add_normal_names(state, self.naming)
        known_names = await lineage_state.names(session, state.names)
        new = {key: name for key, name in state.names.items() if key not in known_names}
        await lineage_state.save_names(session, [rows.name_row(key, name, key, Edges()) for key, name in new.items()])
        return new.keys() | await linking.relink(session, state.names, self.naming)
