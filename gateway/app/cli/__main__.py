"""``python -m gateway.app.cli`` is ``podium``."""

from gateway.app.cli import main

main()
