"""Secrets never leave: whatever text goes to a log, an error or an answer passes a Redactor first."""

import base64
from collections.abc import Iterable
from urllib.parse import quote

MASK = "***"


class Redactor:
    """Replaces every known secret, in clear and in the spellings it takes on the wire, by ``***``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._spellings: set[str] = set()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Hide ``secret`` from now on. Texts under four characters are ignored: they would mask ordinary words."""
        if len(secret) < 4:
            return
        encoded = base64.b64encode(secret.encode()).decode()
        self._spellings.update({secret, quote(secret, safe=""), encoded, encoded.rstrip("=")})

    def __call__(self, text: str) -> str:
        for spelling in sorted(self._spellings, key=len, reverse=True):
            text = text.replace(spelling, MASK)
        return text

    def __repr__(self) -> str:
        return f"Redactor({len(self._spellings)} spellings)"
