"""Who we are to an Airflow deployment."""
