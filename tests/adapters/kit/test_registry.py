"""Opening a connection: kinds, options and secrets that are wrong are told all at once, with what to do."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from adapters.sdk.registry import ConfigurationError, ConnectionSpec, check, kinds, open_adapter

pytestmark = pytest.mark.usefixtures("site")


def spec(**changes) -> ConnectionSpec:
    given: dict[str, Any] = {
        "name": "m",
        "kind": "metronome",
        "url": "http://127.0.0.1:1",
        "auth": {"password": "env:METRONOME"},
    }
    return ConnectionSpec(**given | changes)


def test_a_third_partys_kind_is_known_beside_ours():
    assert {"airflow", "dagster", "prefect", "metronome"} <= set(kinds())


def test_an_unknown_kind_lists_the_known_ones():
    (fault,) = check(spec(kind="airlfow"))
    assert fault.path == ("kind",)
    assert "'airlfow' is not a known kind of orchestrator; known kinds are" in fault.message
    assert "airflow, dagster" in fault.message


def test_every_fault_is_told_at_once():
    faulty = spec(auth={"password": "in-clear", "user": "ada"}, options={"tempo": 5, "moood": "calm"})
    told = {".".join(map(str, fault.path)): fault.message for fault in check(faulty)}
    assert told == snapshot(
        {
            "auth.password": "a secret is given by reference, env:NAME or file:PATH, so that it is stored nowhere.",
            "auth.user": "unknown key; known keys are username, password (did you mean username?).",
            "options.tempo": "5 is wrong: it must be at least 20.",
            "options.moood": "unknown key; known keys are tempo, mood, page_size (did you mean mood?).",
        }
    )
    assert "in-clear" not in str(told)


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read"), ("", "is empty; write the secret into it"), (b"\xff\xfe", "cannot be read")],
)
def test_a_secrets_file_that_is_of_no_use(tmp_path, content, says):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigurationError, match=rf"auth\.password: file:{path} {says}"):
        open_adapter(spec(auth={"password": f"file:{path}"}))


async def test_a_secrets_file_may_end_with_a_newline(tmp_path):
    (tmp_path / "secret").write_text("right-password\n")
    adapter = open_adapter(spec(auth={"password": f"file:{tmp_path / 'secret'}"}))
    assert adapter.manifest.kind == "metronome"
    await adapter.aclose()


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.delenv("METRONOME", raising=False)
    with pytest.raises(ConfigurationError, match="auth.password: env:METRONOME is not set; export METRONOME"):
        open_adapter(spec())
