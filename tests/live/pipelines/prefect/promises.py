"""Flows about which something is promised; ``python promises.py`` serves them until it is ended."""

import time

from prefect import flow, serve


@flow(name="marts")
def marts(sleep: float = 0.0) -> None:
    """Takes as long as it is told to."""
    for _ in range(int(sleep * 10)):
        time.sleep(0.1)


@flow(name="scoring")
def scoring(fail: bool = False) -> None:
    """Fails on request."""
    if fail:
        raise ValueError("there is no model")


@flow(name="fallback")
def fallback(model: str = "latest") -> None:
    """What is run instead."""


if __name__ == "__main__":
    serve(
        marts.to_deployment("main"),
        scoring.to_deployment("daily"),
        scoring.to_deployment("weekly"),
        fallback.to_deployment("main"),
        pause_on_shutdown=False,
        limit=10,
    )
