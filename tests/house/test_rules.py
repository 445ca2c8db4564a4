"""Rules that no linter has, each with its reason."""

import ast
import re

import pytest

from tests.house.source import ROOT, Source, sources

#: Where a loop must outlive whatever goes wrong in one round.
SUPERVISORS = {
    "gateway/sync/poller.py",
    "gateway/sync/supervisor.py",
    "gateway/coordination/dispatcher.py",
    "gateway/coordination/executor.py",
    "gateway/coordination/matcher.py",
    "gateway/sla/acting.py",
    "gateway/sla/monitor.py",
    "gateway/alerts/delivery.py",
    "gateway/alerts/monitor.py",
    "gateway/kpis/exposition.py",
    "gateway/retention.py",
    "lineage/deriver.py",
    "lineage/follower.py",
    "lineage/forwarding.py",
    "lineage/intake.py",
    "lineage/retention.py",
}
VAGUE = re.compile(r"(^|/|_)(utils?|helpers?|commons?|managers?|misc)(_|\.py|/)")


def test_a_module_is_named_after_what_it_holds():
    assert [source.path for source in sources() if VAGUE.search(source.path)] == []


def test_only_supervisors_catch_everything():
    found = {
        source.path
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        and _catches_everything(node)
        and "# noqa: BLE001" not in _line(source, node)
    }
    assert found <= SUPERVISORS


def test_nothing_waits_in_a_way_that_swallows_a_cancellation():
    """``asyncio.wait_for`` does before Python 3.12; ``asyncio.timeout`` does not."""
    assert [source.path for source in sources() if "asyncio.wait_for(" in source.text] == []


def test_nothing_is_left_to_be_done_later():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [
        source.path
        for source in sources("gateway", "adapters", "lineage", "tests")
        if later.search(source.text) and "test_rules" not in source.path
    ] == []


def test_no_stub_pretends_to_be_a_part():
    stubs = [
        f"{source.path}:{function.lineno}"
        for source in sources()
        for function in source.functions()
        if any(isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node) for node in function.body)
    ]
    assert stubs == []


def test_every_test_asserts_something():
    silent = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in sources("tests")
        for function in source.functions()
        if function.name.startswith("test_") and not _asserts(function)
    ]
    assert silent == []


def test_no_test_sleeps_for_a_fixed_time():
    """Waiting is polling with a deadline (in a loop) or awaiting an event."""
    sleepy = [
        f"{source.path}:{node.lineno}"
        for source in sources("tests")
        for function in source.functions()
        for node in _outside_loops(function)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"time.sleep", "asyncio.sleep"}
        and not _is_zero(node)
    ]
    assert sleepy == []


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
def test_a_newcomer_finds_the_usual_documents(name):
    assert (ROOT / name).stat().st_size > 300


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    passes_on = isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None
    return not passes_on and (handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"})


def _line(source: Source, node: ast.ExceptHandler) -> str:
    return source.text.splitlines()[node.lineno - 1]


def _asserts(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Attribute) and node.attr in {"raises", "warns"}:
            return True
        if isinstance(node, ast.Call) and re.match(
            r"_?(assert|expect|check|verify|eventually)", ast.unparse(node.func).split(".")[-1]
        ):
            return True
    return False


def _outside_loops(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.For | ast.While | ast.AsyncFor | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        found += [child, *_outside_loops(child)]
    return found


def _is_zero(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
