"""Schemas that Podium serves."""

import jsonschema_rs
import pytest

from gateway.alerts.document import examples


@pytest.fixture
def database(on_sqlite):
    return on_sqlite


async def test_what_a_webhook_receives_can_be_held_against_the_schema_that_is_served(http):
    answer = await http.get("/api/v1/schemas/notification.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    assert all(validator.is_valid(told) for told in examples())
    assert not validator.is_valid({})
