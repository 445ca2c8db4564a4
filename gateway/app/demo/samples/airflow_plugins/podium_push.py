"""Airflow plugin: tells Podium of each change of a run at once. Airflow 2.11 and 3; put it into the plugins folder.

PODIUM_WEBHOOK_URL is https://PODIUM/api/v1/webhooks/ORCHESTRATOR (without it the plugin does nothing), and
PODIUM_WEBHOOK_TOKEN a token of the role operator. A message that gets lost does no harm: Podium polls as well.
"""

import json
import logging
import os
import threading
import urllib.request

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

URL = os.environ.get("PODIUM_WEBHOOK_URL", "")
TOKEN = os.environ.get("PODIUM_WEBHOOK_TOKEN", "")
#: Seconds: listeners are called before the change is committed, so who asks at once would see the state before it.
UNTIL_COMMITTED = 0.3


class TellPodium:
    """Posts in threads of its own, so that the scheduler never waits."""

    @hookimpl
    def on_dag_run_running(self, dag_run, msg):
        self._tell(dag_run)

    @hookimpl
    def on_dag_run_success(self, dag_run, msg):
        self._tell(dag_run)

    @hookimpl
    def on_dag_run_failed(self, dag_run, msg):
        self._tell(dag_run)

    def _tell(self, dag_run):
        timer = threading.Timer(UNTIL_COMMITTED, _post, [{"dag_id": dag_run.dag_id, "run_id": dag_run.run_id}])
        timer.daemon = True
        timer.start()


def _post(message):
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {TOKEN}"} if TOKEN else {})
    try:
        urllib.request.urlopen(urllib.request.Request(URL, json.dumps(message).encode(), headers), timeout=5).close()
    except OSError as error:
        logging.getLogger(__name__).warning("Podium was not told of %s: %s", message["run_id"], error)


class PodiumPush(AirflowPlugin):
    """Registers the listener where there is somebody to tell."""

    name = "podium_push"
    listeners = [TellPodium()] if URL else []
