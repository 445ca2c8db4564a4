"""The command line. Commands import what they need when they run, so that ``podium --help`` is there at once."""

import sys


def main() -> None:
    """Run ``podium`` with this process's arguments and end the process with its exit code (0, 1 or 2)."""
    from gateway.app.cli.entry import report_bug, run

    if "--debug" not in sys.argv:
        sys.excepthook = report_bug
    sys.exit(run(sys.argv[1:]))
