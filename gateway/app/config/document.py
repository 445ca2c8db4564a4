"""YAML 1.2 as plain values, with the line each of them is on.

ruamel.yaml's own loaders stop at the first duplicate key and quote the text around an error, which may hold a secret.
Here the node tree is walked instead: every fault is found, and none quotes more than the file's structure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.app.config.faults import FileFault, Path

#: More values than this come from aliases of aliases, not from a person.
MOST_VALUES = 100_000
_TAG = "tag:yaml.org,2002:"
_KEY_WITHOUT_SPACE = re.compile(r"\w+:\S")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: plain dicts, lists and scalars, the line of each path, and what is wrong with the YAML."""

    value: Any
    lines: dict[Path, int]
    faults: list[FileFault]

    def line_of(self, path: Path) -> int | None:
        """The line of ``path``, or of the nearest thing around it that exists."""
        return next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), None)


def read_document(text: str) -> Document:
    """Parse ``text``. Where its syntax is broken, ``value`` is None and the fault says so."""
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        return Document(None, {}, [_syntax_fault(error)])
    except YAMLError:
        return Document(None, {}, [_odd_character(text)])
    except RecursionError:
        return Document(None, {}, [FileFault(None, (), "the file is nested too deeply.")])
    reader = _Reader()
    value = reader.read(root, (), 1) if root is not None else None
    return Document(value, reader.lines, reader.faults)


@dataclass(slots=True)
class _Reader:
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    faults: list[FileFault] = field(default_factory=list[FileFault])
    #: Ids of the nodes being read now, to notice an alias that holds itself.
    open: set[int] = field(default_factory=set[int])

    def read(self, node: Node, path: Path, line: int) -> Any:
        self.lines[path] = line
        if id(node) in self.open:
            return self.fault(line, path, "an alias (*name) refers to what it is part of.")
        if len(self.lines) > MOST_VALUES:
            return self.fault(line, path, f"the file unfolds to more than {MOST_VALUES} values.")
        self.open.add(id(node))
        value = self.value(node, path, line)
        self.open.discard(id(node))
        return value

    def value(self, node: Node, path: Path, line: int) -> Any:
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, position), _line(item)) for position, item in enumerate(_items(node))]
        if not _tag(node).startswith(_TAG):
            return self.fault(line, path, "tags (!name) mean nothing here; put text that starts with ! in quotes.")
        return _scalar(_tag(node).removeprefix(_TAG), _text(node))

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in _pairs(node):
            name = _text(key) if isinstance(key, ScalarNode) else None
            if _tag(key) == f"{_TAG}merge":
                for source in self.merged_from(value, path, _line(key)):
                    merged = self.mapping(source, path) | merged
            elif name is None:
                self.fault(_line(key), path, "a key must be text.")
            elif self.is_good_key(name, value, found, path, _line(key)):
                found[name] = self.read(value, (*path, name), _line(key))
        return merged | found

    def is_good_key(self, name: str, value: Node, found: dict[str, Any], path: Path, line: int) -> bool:
        if name in found:
            first = self.lines[(*path, name)]
            self.fault(line, (*path, name), f"is given twice, first on line {first}; keep one of them.")
        elif _KEY_WITHOUT_SPACE.match(name) and _tag(value) == f"{_TAG}null":
            # What follows the colon was meant as a value and may be a secret: it is not quoted.
            self.fault(line, (*path, name.partition(":")[0]), "needs a space after its colon.")
        else:
            return True
        return False

    def merged_from(self, node: Node, path: Path, line: int) -> Iterator[MappingNode]:
        for source in _items(node) if isinstance(node, SequenceNode) else [node]:
            if isinstance(source, MappingNode) and id(source) not in self.open:
                yield source
            else:
                self.fault(line, path, "<< takes a mapping (*name) or a list of them.")

    def fault(self, line: int, path: Path, message: str) -> None:
        if len(self.lines) <= MOST_VALUES or not self.faults:
            self.faults.append(FileFault(line, path, message))


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a document's value is a mapping; its keys are always text."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a document's value is a list."""
    return isinstance(value, list)


# ruamel.yaml leaves its nodes untyped; these say what they hold.


def _tag(node: Node) -> str:
    return str(cast("Any", node).tag)


def _text(node: Node) -> str:
    return cast("str", cast("Any", node).value)


def _items(node: SequenceNode) -> list[Node]:
    return cast("list[Node]", cast("Any", node).value)


def _pairs(node: MappingNode) -> list[tuple[Node, Node]]:
    return cast("list[tuple[Node, Node]]", cast("Any", node).value)


def _line(node: Node) -> int:
    return cast("int", cast("Any", node).start_mark.line) + 1


def _scalar(tag: str, text: str) -> Any:
    """A value by YAML 1.2's rules; a date stays text, because nothing here takes one."""
    match tag:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return _whole_number(text)
        case "float":
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan").replace("_", ""))
        case _:
            return text


def _whole_number(text: str) -> int | str:
    digits = text.replace("_", "").lower()
    try:
        return int(digits, 0 if digits.lstrip("+-").startswith(("0x", "0o", "0b")) else 10)
    except ValueError:  # longer than Python reads
        return text


_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon stands where no key can be; check the indentation, or put text in quotes.",
    ),
    ("found undefined alias", "an alias (*name) is not defined; put text that starts with * in quotes."),
    ("\\t", "a tab is used for indentation; use spaces."),
    ("that cannot start any token", "a value starts with a character that has a meaning in YAML; put it in quotes."),
    ("found another document", "a second document starts (---); keep one document in a file."),
    ("found unexpected end of stream", "a quote is opened and not closed."),
    ("expected ',' or '}'", "a mapping in braces is not closed, or lacks a comma."),
    ("expected ',' or ']'", "a list in brackets is not closed, or lacks a comma."),
    ("could not find expected ':'", "a key has no colon after it."),
    ("expected <block end>", "a line is indented differently from those it belongs with."),
    ("found duplicate anchor", "an anchor (&name) is defined twice."),
)


def _syntax_fault(error: MarkedYAMLError) -> FileFault:
    told = cast("Any", error)  # ruamel.yaml leaves its errors untyped
    problem = str(told.problem or "")
    said = next((ours for theirs, ours in _SYNTAX if theirs in problem), "the YAML cannot be understood here.")
    # Where something is not closed, the person looks for its beginning.
    mark = told.context_mark if "not closed" in said else told.problem_mark
    mark = mark or told.problem_mark or told.context_mark
    return FileFault(int(mark.line) + 1 if mark else None, (), said)


def _odd_character(text: str) -> FileFault:
    for number, line in enumerate(text.splitlines(), 1):
        if odd := next((c for c in line if not c.isprintable() and c not in "\t\ufeff"), None):
            return FileFault(number, (), f"a character that YAML forbids (U+{ord(odd):04X}); remove it.")
    return FileFault(None, (), "a character that YAML forbids is in the file; remove it.")
