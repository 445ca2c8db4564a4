"""How bad something is."""

from enum import StrEnum


class Severity(StrEnum):
    """From a remark to what wakes somebody up."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"
    CRITICAL = "CRITICAL"
