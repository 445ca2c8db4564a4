"""What ends a command before its time, told in one or two lines."""

from typing import NoReturn

FAULT = 1
USAGE = 2


class CliError(Exception):
    """A fault that a person can do something about: ``message`` says what happened, ``remedy`` what to do."""

    def __init__(self, message: str, remedy: str | None = None, *, exit_code: int = FAULT) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


def usage(message: str, remedy: str | None = None) -> NoReturn:
    """End with exit code 2: the command was not called as it wants to be."""
    raise CliError(message, remedy, exit_code=USAGE)
