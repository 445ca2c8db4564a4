"""What all objects with an id, and all lists of them, have in common."""

import strawberry


@strawberry.interface(description="An object with an id that is the same for ever")
class Node:
    """Whatever ``node(id:)`` can find."""

    id: strawberry.ID


@strawberry.type(description="Where a page lies in its list")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None
