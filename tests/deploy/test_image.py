"""The image is built from what is there, with the versions that the project names."""

import json
import re
import tomllib

from tests.deploy.reading import DOCKERFILE, ROOT, instructions, text

PROJECT = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]


def base(name: str) -> tuple[int, ...]:
    """The version of a base image."""
    found = {match[1] for match in re.finditer(rf"^FROM {name}:([0-9.]+)", text(DOCKERFILE), re.MULTILINE)}
    assert len(found) == 1, found
    return tuple(int(part) for part in found.pop().split("."))


def copied() -> list[str]:
    """Paths of the checkout that the build copies."""
    from_here = (line.split()[:-1] for line in instructions("COPY") if not line.startswith("--from"))
    return [path for paths in from_here for path in paths]


def test_what_is_copied_is_there_and_reaches_the_builder():
    let_in = {line[1:] for line in text(ROOT / ".dockerignore").splitlines() if line.startswith("!")}
    assert len(copied()) > 6
    assert [path for path in copied() if not (ROOT / path).exists()] == []
    assert {path.split("/")[0] for path in copied()} == let_in


def test_python_is_one_that_podium_is_made_for():
    major, minor = base("python")
    assert f"Programming Language :: Python :: {major}.{minor}" in PROJECT["classifiers"]


def test_node_is_one_that_the_page_can_be_built_with():
    wanted = json.loads(text(ROOT / "ui" / "package.json"))["engines"]["node"]
    assert base("node") > tuple(int(part) for part in wanted.removeprefix(">=").split("."))


def test_uv_is_the_locked_one():
    locked = {
        one["name"]: one["version"] for one in tomllib.loads(text(ROOT / "uv.lock"))["package"] if "version" in one
    }
    assert f"UV_VERSION={locked['uv']}" in instructions("ARG")


def test_the_image_names_its_version():
    assert f"VERSION={PROJECT['version']}" in instructions("ARG")


def test_dependencies_come_from_the_locks():
    runs = "\n".join(instructions("RUN"))
    assert re.search(r"\bnpm ci\b", runs)
    assert re.search(r"\buv sync --locked --no-dev\b", runs)


def test_it_runs_as_a_user_that_is_a_number():
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", instructions("USER")[-1])
