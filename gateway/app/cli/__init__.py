"""The command line. Commands import what they need when they run, so that ``podium --help`` is there at once."""

import gc
import sys

#: New objects until a collection looks at them, and how many of those make a deeper one. By default it would look again
#: and again at what imports make, a fifth of the time to start, and at every answer's ten thousand rows.
GARBAGE = (20_000, 20, 20)


def main() -> None:
    """Run ``podium`` with this process's arguments and end the process with its exit code (0, 1 or 2)."""
    gc.set_threshold(*GARBAGE)
    from gateway.app.cli.entry import report_bug, run

    if "--debug" not in sys.argv:
        sys.excepthook = report_bug
    sys.exit(run(sys.argv[1:]))
