"""GraphiQL for a browser. The page holds no data, so it is open; tokens go into its header editor.

GraphiQL itself comes from a public network, pinned by hashes. Where a browser cannot reach that, the page says so.
"""

import base64
import hashlib
from importlib.resources import files

EXPLORER = files("gateway.api.graphql").joinpath("explorer.html").read_text(encoding="utf-8")


def _policy() -> str:
    """A content security policy that lets this page's own script run and no other inline one."""
    script = EXPLORER.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    cdn = "https://unpkg.com"
    return (
        f"default-src 'none'; script-src {cdn} 'sha256-{digest}'; style-src {cdn} 'unsafe-inline'; "
        f"connect-src 'self'; img-src 'self' data:; font-src {cdn} data:; worker-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


EXPLORER_POLICY = _policy()
