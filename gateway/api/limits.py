"""How much one request may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the API; each is refused with an error that names the figure and the limit."""

    #: Elements of one page.
    page_size: int = 500
    default_page_size: int = 50
    #: Nested objects in a query.
    depth: int = 15
    #: About the objects a query may return, where lists are counted by ``first``.
    complexity: int = 20_000
    #: Differently named copies of fields.
    aliases: int = 100
    #: Words and signs of a query.
    tokens: int = 5_000
    #: Bytes of a request's body.
    body: int = 1024 * 1024
    #: Bytes of a body of lineage events, as sent and unpacked.
    lineage_body: int = 16 * 1024 * 1024
    #: Running subscriptions on one connection.
    subscriptions: int = 50
    #: Elements of one list in a filter, and of ``nodes(ids:)``.
    list_length: int = 500
    #: Characters of a text argument.
    text_length: int = 1_000
    #: Lines of a task's log.
    log_lines: int = 10_000

    def longest_body(self, path: str) -> int:
        """Bytes that a request to ``path`` may send."""
        return self.lineage_body if path.startswith("/api/v1/lineage") else self.body
