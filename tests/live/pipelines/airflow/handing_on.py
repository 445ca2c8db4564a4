"""DAGs that start each other, or wait for each other, by Airflow's own means; nobody runs them."""

from datetime import UTC, datetime

try:
    from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
    from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
    from airflow.sdk import dag
except ImportError:  # Airflow 2
    from airflow.decorators import dag
    from airflow.operators.trigger_dagrun import TriggerDagRunOperator
    from airflow.sensors.external_task import ExternalTaskSensor


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, tags=["podium"])
def handing_on():
    """It starts another DAG."""
    TriggerDagRunOperator(task_id="start_by_hand", trigger_dag_id="by_hand")


@dag(schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, tags=["podium"])
def waiting():
    """It waits for another DAG."""
    ExternalTaskSensor(task_id="wait_for_by_hand", external_dag_id="by_hand")


handing_on()
waiting()
