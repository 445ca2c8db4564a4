"""An automation that tells Podium of each change of a flow run at once. Run it once against a server or workspace.

PODIUM_WEBHOOK_URL is https://PODIUM/api/v1/webhooks/ORCHESTRATOR, and PODIUM_WEBHOOK_TOKEN a token of the role
operator. A message that gets lost does no harm: Podium polls as well.
"""

import os

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.events import EventTrigger
from prefect.events.actions import CallWebhook

#: Each by its name: ``prefect.flow-run.*`` would include a heartbeat every few seconds.
STATES = (
    "Scheduled", "AwaitingRetry", "Late", "Pending", "Running", "Retrying", "Paused", "Suspended",
    "Cancelling", "Cancelled", "Completed", "Failed", "Crashed", "TimedOut",
)  # fmt: skip
NAME = "tell-podium"


def tell_podium(url: str, token: str) -> None:
    """Make the automation, or point the one that is there to this address."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    address = Webhook(method="POST", url=url, headers=headers, allow_private_urls=True)
    block_id = address.save(NAME, overwrite=True)
    try:
        Automation.read(name=NAME)
    except ValueError:
        Automation(
            name=NAME,
            trigger=EventTrigger(
                expect={f"prefect.flow-run.{state}" for state in STATES},
                match={"prefect.resource.id": "prefect.flow-run.*"},
                for_each={"prefect.resource.id"},
                posture="Reactive",
                threshold=1,
            ),
            actions=[
                CallWebhook(
                    block_document_id=block_id,
                    payload='{"event": "{{ event.event }}", "flow_run": "{{ event.resource.id }}"}',
                )
            ],
        ).create()


if __name__ == "__main__":
    tell_podium(os.environ["PODIUM_WEBHOOK_URL"], os.environ.get("PODIUM_WEBHOOK_TOKEN", ""))
