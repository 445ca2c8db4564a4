"""Where a Prefect is: its API and its pages, from whichever of its addresses a person has at hand. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Both spellings: the API says accounts/workspaces, the browser's address bar account/workspace.
_CLOUD = re.compile(r"/accounts?/(?P<account>[0-9a-fA-F-]+)/workspaces?/(?P<workspace>[0-9a-fA-F-]+)")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base addresses without a trailing slash."""

    api: str
    ui: str
    is_cloud: bool

    def run(self, run_id: str) -> str:
        """The page of a flow run."""
        return f"{self.ui}/runs/flow-run/{run_id}"

    def task_run(self, task_run_id: str) -> str:
        """The page of a task run."""
        return f"{self.ui}/runs/task-run/{task_run_id}"

    def deployment(self, deployment_id: str) -> str:
        """The page of a deployment."""
        return f"{self.ui}/deployments/deployment/{deployment_id}"

    def flow(self, flow_id: str) -> str:
        """The page of a flow."""
        return f"{self.ui}/flows/flow/{flow_id}"


def locate(url: str, ui_url: str | None = None) -> Addresses:
    """Addresses from a url with or without ``/api``, or from a Cloud workspace's API or browser address."""
    parts = urlsplit(url)
    if cloud := _CLOUD.search(parts.path):
        account, workspace = cloud["account"], cloud["workspace"]
        domain = parts.netloc.removeprefix("app.").removeprefix("api.")
        api = f"{parts.scheme}://api.{domain}/api/accounts/{account}/workspaces/{workspace}"
        ui = f"{parts.scheme}://app.{domain}/account/{account}/workspace/{workspace}"
        if not parts.netloc.startswith(("app.", "api.")):
            # Something that stands in for Cloud (a proxy, a test): both at its own address.
            api = f"{parts.scheme}://{parts.netloc}/api/accounts/{account}/workspaces/{workspace}"
            ui = f"{parts.scheme}://{parts.netloc}/account/{account}/workspace/{workspace}"
        return Addresses(api, (ui_url or ui).rstrip("/"), is_cloud=True)
    base = url.split("?", 1)[0].split("#", 1)[0].rstrip("/").removesuffix("/api").rstrip("/")
    return Addresses(f"{base}/api", (ui_url or base).rstrip("/"), is_cloud=False)
