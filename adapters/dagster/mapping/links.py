"""Deep links into Dagster's own pages, each opened once in a real browser for Dagster 1.13."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from adapters.dagster.keys import JobAddress


@dataclass(frozen=True, slots=True)
class Links:
    """Builds links; ``base`` is the address of the user interface without a trailing slash."""

    base: str

    def run(self, run_id: str) -> str:
        """A run's page."""
        return f"{self.base}/runs/{run_id}"

    def step(self, run_id: str, step_key: str) -> str:
        """A run's page with one step selected and its log lines shown."""
        step = quote(step_key, safe="")
        return f"{self.base}/runs/{run_id}?selection={step}&logs=step%3A{step}"

    def job(self, address: JobAddress) -> str:
        """A job's page."""
        # Dagster's page splits the path at a literal "@" before it decodes the rest.
        repository = "" if address.repository_path == address.location else f"{address.repository}@"
        location = quote(address.location, safe="")
        return f"{self.base}/locations/{repository}{location}/jobs/{quote(address.job, safe='')}"

    def op(self, address: JobAddress, handle: str) -> str:
        """A job's graph with one op selected; ``handle`` is its path joined with dots."""
        return f"{self.job(address)}/{'/'.join(quote(part, safe='') for part in handle.split('.'))}"

    def asset(self, path: Sequence[str]) -> str:
        """An asset's page."""
        return f"{self.base}/assets/{'/'.join(quote(part, safe='') for part in path)}"
