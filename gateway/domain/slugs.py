"""Names that fit into addresses."""

import re

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
RULE = "use up to 63 lower-case letters, digits, hyphens and underscores"


def is_slug(text: str) -> bool:
    """Whether it is one."""
    return _SLUG.fullmatch(text) is not None


def how_to(text: str) -> str:
    """The rule, with an example that is near to the text where there is one."""
    better = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:63].strip("-_")
    return f"{RULE} (for instance {better})" if better else RULE
