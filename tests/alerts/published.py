"""What others publish of their APIs, and we of ours, to hold requests against."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

_HERE = Path(__file__).parent / "schemas"


def faults(validator: jsonschema_rs.Draft202012Validator, given: object) -> list[str]:
    return [f"{'/'.join(map(str, one.instance_path))}: {one.message[:300]}" for one in validator.iter_errors(given)]


@cache
def slack(method: str) -> jsonschema_rs.Draft202012Validator:
    """Of a method's arguments."""
    schema: Any = orjson.loads((_HERE / "slack.json").read_bytes())
    return jsonschema_rs.Draft202012Validator({**schema, "$ref": f"#/$defs/{method}"}, validate_formats=True)


@cache
def pagerduty() -> jsonschema_rs.Draft202012Validator:
    """Of an event."""
    return jsonschema_rs.Draft202012Validator(
        orjson.loads((_HERE / "pagerduty.json").read_bytes()), validate_formats=True
    )


@cache
def notification() -> jsonschema_rs.Draft202012Validator:
    """Of Podium's own document."""
    schema = files("gateway.alerts").joinpath("notification.schema.json").read_bytes()
    return jsonschema_rs.Draft202012Validator(orjson.loads(schema), validate_formats=True)
