"""Every document that is sent is valid against Dagster's own schema."""

from importlib import import_module

import pytest
from graphql import build_schema, parse, validate

from tests.adapters.dagster.recorded import CAPTURES

QUERIES = vars(import_module("adapters.dagster.queries"))
DOCUMENTS = {name: text for name, text in QUERIES.items() if str(text).startswith(("query ", "mutation "))}
SCHEMA = build_schema((CAPTURES / "schema.graphql").read_text(encoding="utf-8"))


def test_documents_are_found() -> None:
    assert len(DOCUMENTS) > 20


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_valid(name: str) -> None:
    assert validate(SCHEMA, parse(DOCUMENTS[name])) == []
