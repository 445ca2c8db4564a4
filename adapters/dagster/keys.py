"""How a Dagster job is named in Podium.

A job's name is unique only within its code location, and a location may be added at any time, so the key holds both:
``location/job``. A location nearly always holds one repository, called ``__repository__``; where it is called
otherwise the key is ``repository@location/job``, which is also how Dagster's own user interface writes it. The rule
looks at nothing but the job itself, so a key never changes because something else is deployed.

A connection restricted to one location (``options: {location: ...}``) leaves the location out: ``job`` or
``repository@job``.
"""

from dataclasses import dataclass
from functools import lru_cache

from adapters.sdk.errors import NotFound

DEFAULT_REPOSITORY = "__repository__"


@dataclass(frozen=True, slots=True)
class JobAddress:
    """Where Dagster keeps a job."""

    location: str
    repository: str
    job: str

    @property
    def repository_path(self) -> str:
        """The repository as Dagster's links write it: ``location`` or ``repository@location``."""
        if self.repository == DEFAULT_REPOSITORY and "@" not in self.location:
            return self.location
        return f"{self.repository}@{self.location}"

    def repository_selector(self) -> dict[str, str]:
        """GraphQL's ``RepositorySelector``."""
        return {"repositoryLocationName": self.location, "repositoryName": self.repository}

    def pipeline_selector(self) -> dict[str, str]:
        """GraphQL's ``PipelineSelector``."""
        return {**self.repository_selector(), "pipelineName": self.job}

    def job_selector(self) -> dict[str, str]:
        """GraphQL's ``JobOrPipelineSelector``."""
        return {**self.repository_selector(), "jobName": self.job}


@lru_cache(maxsize=50_000)
def pipeline_key(address: JobAddress, only_location: str | None = None) -> str:
    """The key of a job, by the rule at the top of this module."""
    if only_location is None:
        return f"{address.repository_path}/{address.job}"
    return address.job if address.repository == DEFAULT_REPOSITORY else f"{address.repository}@{address.job}"


def job_address(key: str, only_location: str | None = None) -> JobAddress:
    """The job behind a key; NotFound for a text that cannot be one. Job and repository names hold no "/" and no "@"."""
    if only_location is None:
        path, _, job = key.rpartition("/")
        repository, at, location = path.partition("@")
        if not at:
            repository, location = DEFAULT_REPOSITORY, path
    else:
        repository, at, job = key.partition("@")
        if not at:
            repository, job = DEFAULT_REPOSITORY, key
        location = only_location
    if not (location and repository and job):
        raise NotFound(f"{key!r} is not the key of a Dagster job; keys look like location/job.")
    return JobAddress(location, repository, job)
