"""Apache Airflow 2.11 and 3."""
