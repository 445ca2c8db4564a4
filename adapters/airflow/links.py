"""Deep links into Airflow's own pages, which differ between 2 and 3."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Links:
    """Builds links below ``base``; ``major`` is Airflow's."""

    base: str
    major: int

    def dag(self, dag_id: str) -> str:
        """A DAG's page."""
        return f"{self.base}/dags/{_part(dag_id)}" + ("" if self.major >= 3 else "/grid")

    def run(self, dag_id: str, run_id: str) -> str:
        """A run's page."""
        if self.major >= 3:
            return f"{self.dag(dag_id)}/runs/{_part(run_id)}"
        return f"{self.dag(dag_id)}?{urlencode({'dag_run_id': run_id})}"

    def task(self, dag_id: str, task_id: str) -> str:
        """A task's page, over all runs."""
        if self.major >= 3:
            return f"{self.dag(dag_id)}/tasks/{_part(task_id)}"
        return f"{self.dag(dag_id)}?{urlencode({'task_id': task_id})}"

    def attempt(self, dag_id: str, run_id: str, task_id: str, map_index: int | None, attempt: int) -> str:
        """The log of one attempt."""
        if self.major >= 3:
            mapped = "" if map_index is None else f"/mapped/{map_index}"
            return f"{self.run(dag_id, run_id)}/tasks/{_part(task_id)}{mapped}?try_number={attempt}"
        where = {"dag_run_id": run_id, "task_id": task_id, "tab": "logs"}
        return f"{self.dag(dag_id)}?{urlencode(where if map_index is None else where | {'map_index': map_index})}"


def _part(text: str) -> str:
    return quote(text, safe="")
