"""podium.yaml with mistakes in it: what a person reads. Each text is pinned, because each is a part of the product."""
# ruff: noqa: E501  # a fault is one line, however long

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from gateway.app.config.faults import ConfigError
from gateway.app.config.load import load_file, load_text


def told(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_text(text)
    return str(caught.value)


@pytest.mark.usefixtures("metronome")
def test_every_fault_is_told_at_once_in_the_order_of_lines():
    text = """\
orchestrators:
  - name: Airflow Prod
    kind: airlfow
    url: airflow.example.com
    poll: 15
  - name: beat
    kind: metronome
    url: http://podium:hunter22@metronome:1/
    auth: {user: podium, password: hunter22}
    options:
      tempo: 1000
      mood: grim
      colour: red
    pol: 30s
    backfill: 1M
    lineage_namespaces: prod
  - name: beat
    kind: metronome
    url: http://metronome:1/?key=x
    auth: hunter22
    options: [1]
  - kind: 5
    poll: 25h
  - hunter22
lineage:
  names:
    - from: {namespace: prod, name: "marts/{table}"}
      to: {namespace: "postgres://db:5432", name: "shop.{tabel}"}
    - from: {namespace: prod, name: "{a"}
      to: {namespace: prod}
  forward:
    - {name: Backend, url: backend.example.com, token: hunter22}
    - {name: one, url: "http://one:1"}
    - {name: one, url: "http://two:1"}
  forwards: []
slos: []
alerts: []
"""
    assert told(text) == snapshot(
        """\
podium.yaml:2: orchestrators[0].name: 'Airflow Prod' is not a slug; use up to 63 lower-case letters, digits, hyphens and underscores (for instance airflow-prod).
podium.yaml:3: orchestrators[0].kind: 'airlfow' is not a known kind; known kinds are airflow, broken, dagster, forgetful, metronome, prefect (did you mean airflow?).
podium.yaml:4: orchestrators[0].url: 'airflow.example.com' is not a web address; write it like https://airflow.example.com.
podium.yaml:5: orchestrators[0].poll: 15 is not a duration; write it with its unit, like 15s, 2h or PT2H.
podium.yaml:8: orchestrators[1].url: holds credentials; put them under auth, the password by reference (env:NAME or file:PATH).
podium.yaml:9: orchestrators[1].auth.password: a secret is given by reference, env:NAME or file:PATH, so that it is stored nowhere.
podium.yaml:9: orchestrators[1].auth.user: unknown key; known keys are username, password (did you mean username?).
podium.yaml:11: orchestrators[1].options.tempo: 1000 is wrong: it must be at most 300.
podium.yaml:12: orchestrators[1].options.mood: 'grim' is wrong: it must be one of calm, lively.
podium.yaml:13: orchestrators[1].options.colour: unknown key; known keys are tempo, mood, page_size.
podium.yaml:14: orchestrators[1].pol: unknown key; known keys are name, kind, url, auth, options, poll, backfill, lineage_namespaces (did you mean poll?).
podium.yaml:15: orchestrators[1].backfill: '1M' is not a duration; write it like 30s, 15m, 2h30m, 7d, or in ISO 8601 like PT2H30M.
podium.yaml:16: orchestrators[1].lineage_namespaces: 'prod' is wrong: it must be a list.
podium.yaml:17: orchestrators[2].name: 'beat' is the name of orchestrators[1] (line 6) already; use another.
podium.yaml:19: orchestrators[2].url: has a query (?) or fragment (#); give the address of the server alone.
podium.yaml:20: orchestrators[2].auth: must be a mapping, e.g. {username: podium, password: env:AIRFLOW_PASSWORD}.
podium.yaml:21: orchestrators[2].options: a list is wrong: it must be a mapping (key: value).
podium.yaml:22: orchestrators[3].name: is missing; add it.
podium.yaml:22: orchestrators[3].kind: 5 is wrong: it must be text.
podium.yaml:22: orchestrators[3].url: is missing; add it.
podium.yaml:23: orchestrators[3].poll: must be from 1s to 1d; 15s suits most orchestrators.
podium.yaml:24: orchestrators[4]: is not an orchestrator; write name:, kind: and url:.
podium.yaml:28: lineage.names[0].to.name: {tabel} is not in from; its placeholders are: {table}.
podium.yaml:30: lineage.names[1].to.name: is missing; add it.
podium.yaml:32: lineage.forward[0].name: 'Backend' is not a slug; use up to 63 lower-case letters, digits, hyphens and underscores (for instance backend).
podium.yaml:32: lineage.forward[0].url: 'backend.example.com' is not a web address; write it like https://airflow.example.com.
podium.yaml:32: lineage.forward[0].token: must be a reference, env:NAME or file:PATH, and not the token itself.
podium.yaml:34: lineage.forward[2].name: 'one' is the name of forward[1] already; use another.
podium.yaml:35: lineage.forwards: unknown key; known keys are names, forward (did you mean forward?).
podium.yaml:36: slos: unknown key; known keys are orchestrators, lineage, dependencies, slas, alerts (did you mean slas?).
podium.yaml:37: alerts: must be a mapping with receivers: and route:.\
"""
    )
    assert "hunter22" not in told(text)


@pytest.mark.usefixtures("metronome")
def test_a_missing_secret_and_an_adapter_that_cannot_be_loaded():
    text = """\
orchestrators:
  - {name: a, kind: metronome, url: "http://a"}
  - {name: b, kind: broken, url: "http://b"}
"""
    assert told(text) == snapshot(
        """\
podium.yaml:2: orchestrators[0].auth.password: is missing; add it.
podium.yaml:3: orchestrators[1].kind: the adapter for broken cannot be loaded (No module named 'not_there'); install what it needs.\
"""
    )


SECTION = "orchestrators: []\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "podium.yaml: the file is empty; to have no orchestrators, write orchestrators: []."),
        ("# nothing\n", "podium.yaml: the file is empty; to have no orchestrators, write orchestrators: []."),
        ("hunter22", "podium.yaml:1: the file must be a mapping that starts with orchestrators:."),
        ("alerts: {}", "podium.yaml:1: alerts.route: is missing; add it."),
        (
            SECTION + "dependencies: {}",
            "podium.yaml:2: dependencies: must be a list (- name: ...); to have none, leave",
        ),
        ("orchestrators:", "podium.yaml:1: orchestrators: must be a list (- name: ...); to have none, write orchestr"),
        ("a: 1", "podium.yaml:1: orchestrators is missing; to have none, write orchestrators: []."),
        (SECTION + SECTION, "podium.yaml:2: orchestrators: is given twice, first on line 1; keep one of them."),
        ("a: [1,\nb: 2\nc: 3", "podium.yaml:1: a list in brackets is not closed, or lacks a comma."),
        ("a: {b: 1\nc: 2", "podium.yaml:1: a mapping in braces is not closed, or lacks a comma."),
        ("a: 1\nb: 'hunter22\nc: 2\n", "podium.yaml:2: a quote is opened and not closed."),
        ("a:\n\t- b", "podium.yaml:2: a tab is used for indentation; use spaces."),
        ("a: 1\n b: 2", "podium.yaml:2: a colon stands where no key can be; check the indentation, or put text in qu"),
        ("a:\n  - b: 1\n   c: 2\n", "podium.yaml:3: a line is indented differently from those it belongs with."),
        (
            "a: @hunter22",
            "podium.yaml:1: a value starts with a character that has a meaning in YAML; put it in quotes.",
        ),
        ("a: *hunter22", "podium.yaml:1: an alias (*name) is not defined; put text that starts with * in quotes."),
        ("a: !hunter22 b", "podium.yaml:1: a: tags (!name) mean nothing here; put text that starts with ! in quotes."),
        ("a: &x [*x]", "podium.yaml:1: a[0]: an alias (*name) refers to what it is part of."),
        ("a: b\n---\nc: d", "podium.yaml:2: a second document starts (---); keep one document in a file."),
        ("a: {b: 1, password:hunter22}", "podium.yaml:1: a.password: needs a space after its colon."),
        ("a: 1\nb: \x00", "podium.yaml:2: a character that YAML forbids (U+0000); remove it."),
        ("? [a]\n: b", "podium.yaml:1: a key must be text."),
        ("a: 1\n<<: 2", "podium.yaml:2: << takes a mapping (*name) or a list of them."),
        ("[" * 600, "podium.yaml: the file is nested too deeply."),
        (
            "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"{n}: &{n} [{','.join([f'*{p}'] * 10)}]\n" for p, n in zip("abcdef", "bcdefg", strict=True)),
            "the file unfolds to more than 100000 values.",
        ),
    ],
)
def test_broken_files(text: str, expected: str):
    said = told(text)
    assert expected in said
    assert "hunter22" not in said


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    def said(path: Path) -> str:
        with pytest.raises(ConfigError) as caught:
            load_file(path)
        return str(caught.value).removeprefix(str(path))

    assert said(tmp_path / "none.yaml") == ": there is no such file; create it, or name another with -f."
    assert said(tmp_path) == ": the file cannot be read (Is a directory)."
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: \xe9\n")
    assert said(latin) == ":2: the file is not UTF-8; save it as UTF-8."


def test_the_example_in_the_documentation_is_sound(monkeypatch: pytest.MonkeyPatch):
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    assert [one.name for one in load_text(example).orchestrators] == ["airflow-prod", "dagster-analytics"]
