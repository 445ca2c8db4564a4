"""The served schema against the public contract: nothing broken, and what is missing is known by name."""

from pathlib import Path

from graphql import GraphQLSchema, build_schema, find_breaking_changes, find_dangerous_changes

from gateway.api.graphql.schema import print_sdl

CONTRACT = Path(__file__).parent / "schema.graphql"
SERVED = Path(__file__).parents[2] / "gateway/api/graphql/schema.graphql"

#: Fields of the contract that later issues bring. Whoever brings one takes it off this list.
MISSING_FIELDS: dict[str, set[str]] = {}
MISSING_TYPES = 0


def contract() -> GraphQLSchema:
    return build_schema(CONTRACT.read_text(encoding="utf-8"))


def served() -> GraphQLSchema:
    return build_schema(print_sdl())


def described(changes) -> set[str]:
    return {f"{change.type.name}: {change.description}" for change in changes}


def test_the_committed_schema_is_the_served_one():
    assert SERVED.read_text(encoding="utf-8") == print_sdl(), "write it anew: make docs"


def test_nothing_of_the_contract_is_served_otherwise():
    missing = {
        f"FIELD_REMOVED: Field {type_name}.{field} was removed."
        for type_name, fields in MISSING_FIELDS.items()
        for field in fields
    }
    changes = described(find_breaking_changes(contract(), served()))
    assert {change for change in changes if not change.startswith("TYPE_REMOVED:")} == missing


def test_what_is_missing_is_counted():
    removed = {change for change in described(find_breaking_changes(contract(), served())) if "TYPE_REMOVED:" in change}
    assert len(removed) == MISSING_TYPES, "types came or went: put the new number here"
    needed = {name for name in contract().type_map if f"TYPE_REMOVED: {name} was removed." in removed}
    for type_name in ("Orchestrator", "Pipeline", "Run", "TaskRun", "Task", "RunFilter", "PipelineFilter", "PageInfo"):
        assert type_name not in needed


def test_what_is_added_is_optional_and_no_default_differs():
    kinds = {change.type.name for change in find_dangerous_changes(contract(), served())}
    assert kinds <= {"OPTIONAL_ARG_ADDED", "OPTIONAL_INPUT_FIELD_ADDED"}
