"""Answers of a real Prefect 3.8.8, recorded."""

import json
from pathlib import Path
from typing import Any

from adapters.prefect.addresses import locate

CAPTURES = Path(__file__).parent / "captures"
AT = locate("http://prefect.test/api")


def body(name: str) -> Any:
    """The body of a recorded answer."""
    return json.loads((CAPTURES / f"{name}.json").read_text(encoding="utf-8"))["body"]
