"""Why a request cannot be carried out, before any orchestrator is asked.

::

    RequestError
     ├── NotFoundError       what was named does not exist here
     ├── ConflictError       it contradicts what is already so, e.g. a key that was used for something else
     └── InvalidInputError   a value cannot be used; the message names the field and the value
"""


class RequestError(Exception):
    """Base of the tree above; ``remedy`` says what to do."""

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class NotFoundError(RequestError):
    """What was named does not exist here."""


class ConflictError(RequestError):
    """It contradicts what is already so."""


class InvalidInputError(RequestError):
    """A value cannot be used."""
