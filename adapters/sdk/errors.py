"""The few ways in which a call to an orchestrator can fail.

::

    AdapterError
     ├── Unauthorized     the credentials are missing, wrong or lack a right   never retried: a person must act
     ├── RateLimited      slow down; retry_after says how long                 retried after that time
     ├── Unavailable      no answer, a broken answer, 5xx                      retried; OUTCOME UNKNOWN for a write
     ├── NotFound         what was named does not exist there                  not retried
     ├── Rejected         understood and refused (bad parameter, conflict)     not retried
     └── Drift            answered, but not as the vendor's API is known to    not retried: the adapter must learn

A message says what was asked, what came back and what to do. It never holds a secret: build it from
``adapters.sdk.http`` (which redacts) or from the vendor's own error text passed through ``Redactor``.
"""

from typing import ClassVar


class AdapterError(Exception):
    """Base of the tree above. ``kind`` names it in logs and metrics."""

    kind: ClassVar[str] = "error"
    is_retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class Unauthorized(AdapterError):
    """The credentials are missing, wrong, or lack a right."""

    kind = "unauthorized"


class RateLimited(AdapterError):
    """Too many requests; ``retry_after`` is in seconds, None where the vendor did not say."""

    kind = "rate_limited"
    is_retryable = True

    def __init__(self, message: str, *, retry_after: float | None = None, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class Unavailable(AdapterError):
    """No answer or a server fault. Whether a write took effect is unknown: look it up before repeating it."""

    kind = "unavailable"
    is_retryable = True


class NotFound(AdapterError):
    """What was named does not exist at the orchestrator."""

    kind = "not_found"


class Rejected(AdapterError):
    """The orchestrator understood and refused; repeating it changes nothing. ``status``: its HTTP status, if any."""

    kind = "rejected"

    def __init__(self, message: str, *, remedy: str | None = None, status: int | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status


class Drift(AdapterError):
    """The answer is not what this vendor's API is known to send, or another product answered."""

    kind = "drift"
