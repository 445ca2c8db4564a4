"""All parts of the contract as one class of tests."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from adapters.sdk.contract.commands import Commands
from adapters.sdk.contract.faults import Faults
from adapters.sdk.contract.proxy import FaultyProxy
from adapters.sdk.contract.reading import Reading
from adapters.sdk.contract.subject import Subject
from adapters.sdk.contract.workbench import Workbench
from gateway.domain.observation import ObservedRun


class AdapterContract(Faults, Commands, Reading):
    """Subclass it, and override ``subject``."""

    @pytest.fixture(scope="class")
    @classmethod
    def subject(cls) -> Subject:
        """The orchestrator to try the adapter on."""
        raise pytest.UsageError(f"{cls.__name__} must override the fixture subject.")

    @pytest.fixture(scope="class")
    @classmethod
    async def workbench(cls, subject: Subject) -> AsyncIterator[Workbench]:
        """The subject, with a proxy before it."""
        async with AsyncExitStack() as stack, FaultyProxy(subject.url).serving() as proxy:
            yield Workbench(subject, proxy, stack)
            await stack.aclose()

    @pytest.fixture(scope="class")
    @classmethod
    async def begun(cls, workbench: Workbench) -> dict[str, ObservedRun]:
        """Runs of every kind, all begun at once because some take long to come up."""
        subject = workbench.subject
        begun = {
            "quick": await workbench.start(subject.quick),
            "failing": await workbench.start(subject.failing),
            "lasting": await workbench.start(subject.lasting),
        }
        return begun | {f"more {number}": await workbench.start(subject.quick) for number in range(2)}
