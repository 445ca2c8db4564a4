"""What every adapter must do, as tests to be run against a real orchestrator. Needs ``podium[contract]``.

::

    class TestAcme(AdapterContract):
        @pytest.fixture(scope="class")
        @classmethod
        def subject(cls, acme_server):
            return Subject("acme", acme_server.url, quick=Start("hello"), failing=Start("broken"), ...)

Faults that no real server can be made to show come from a proxy that stands between the adapter and the server.
pytest-asyncio runs in auto mode, with one event loop for the session (see Podium's own pyproject.toml).
"""

from adapters.sdk.contract.proxy import Fault, FaultyProxy
from adapters.sdk.contract.subject import EPOCH, ISO_8601, Start, Subject
from adapters.sdk.contract.suite import AdapterContract

__all__ = ["EPOCH", "ISO_8601", "AdapterContract", "Fault", "FaultyProxy", "Start", "Subject"]
