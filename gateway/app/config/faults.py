"""Mistakes in podium.yaml, as a person reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.sdk.validation import Fault

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FileFault:
    """One mistake and where it is; ``line`` is from 1, None where it is the whole file."""

    line: int | None
    path: Path
    message: str

    def render(self, source: str) -> str:
        """``podium.yaml:12: orchestrators[1].kind: 'airlfow' is not a known kind; ...``."""
        where = source if self.line is None else f"{source}:{self.line}"
        return f"{where}: {show_path(self.path)}: {self.message}" if self.path else f"{where}: {self.message}"


class ConfigError(ValueError):
    """A file that cannot be used, with every fault in the order of its lines."""

    def __init__(self, source: str, faults: Iterable[FileFault]) -> None:
        self.source = source
        self.faults = sorted(faults, key=lambda fault: fault.line or 0)
        super().__init__("\n".join(fault.render(source) for fault in self.faults))


def show_path(path: Path) -> str:
    """``("orchestrators", 1, "kind")`` as ``orchestrators[1].kind``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def below(path: Path, fault: Fault) -> Fault:
    """The same fault, seen from further up."""
    return Fault((*path, *fault.path), fault.message)


def repeated(names: Iterable[object]) -> Iterator[tuple[int, int, str]]:
    """(place, first place, name) of every name that was there before; what is no text is no name."""
    first: dict[str, int] = {}
    for place, name in enumerate(names):
        if isinstance(name, str) and first.setdefault(name, place) != place:
            yield place, first[name], name
