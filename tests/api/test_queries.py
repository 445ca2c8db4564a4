"""What a reader of the API sees."""

from datetime import timedelta

from gateway.domain.observation import ObservedTaskRun
from gateway.domain.states import RunState, RunTrigger, TaskRunState
from tests.sync.vendor import T0


async def test_an_orchestrator_tells_who_it_is_and_how_it_fares(api, world):
    await world.orchestrator("airflow-prod")
    data = await api.ask(
        "{ orchestrators { name kind url version status statusSince statusMessage lastSyncedAt capabilities"
        " pollInterval } }"
    )
    assert data["orchestrators"] == [
        {
            "name": "airflow-prod",
            "kind": "memory",
            "url": "https://airflow-prod.example.com",
            "version": "3.0.1",
            "status": "HEALTHY",
            "statusSince": "2026-05-01T08:00:00Z",
            "statusMessage": None,
            "lastSyncedAt": None,
            "capabilities": ["CANCEL", "LOGS", "PAUSE", "PUSH", "RETRY", "TASKS", "TASK_GRAPH", "TRIGGER"],
            "pollInterval": "PT15S",
        }
    ]
