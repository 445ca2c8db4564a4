"""The project's own Python sources, parsed once for every house rule."""

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "adapters", "lineage")
NOT_OURS = ("gateway/app/demo/samples", "gateway/app/web", "gateway/store/migrations/versions")


@dataclass(frozen=True)
class Source:
    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def _parse(text: str) -> ast.Module:
    """In a thread of its own: CPython 3.11's parser fails where greenlets have confused the main one's depth."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ast.parse, text).result()


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    found: list[Source] = []
    for folder in folders or PACKAGES:
        for file in sorted((ROOT / folder).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if not path.startswith(NOT_OURS) and "node_modules" not in path:
                text = file.read_text(encoding="utf-8")
                found.append(Source(path, text, _parse(text)))
    return tuple(found)


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def percentile(values: list[int], share: float) -> int:
    return sorted(values)[int(share * (len(values) - 1))]
