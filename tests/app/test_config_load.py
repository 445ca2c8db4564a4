"""A sound podium.yaml, and the YAML that people write in it."""

import pytest

from gateway.app.config.document import read_document
from gateway.app.config.load import load_text
from gateway.domain.records import OrchestratorDefinition

pytestmark = pytest.mark.usefixtures("metronome")


def test_a_file_becomes_definitions_that_hold_references_and_no_secrets(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BEAT_PASSWORD", "hunter22")
    loaded = load_text(
        """\
orchestrators:
  - name: beat
    kind: metronome
    url: http://metronome:8000/
    auth: {username: env:BEAT_USER, password: env:BEAT_PASSWORD}
    options: {tempo: 60}
    poll: PT1M30S
    backfill: 1d12h
    lineage_namespaces: [beat, "2026-05-01"]
"""
    )
    assert loaded.orchestrators == (
        OrchestratorDefinition(
            name="beat",
            kind="metronome",
            url="http://metronome:8000",
            auth={"username": "env:BEAT_USER", "password": "env:BEAT_PASSWORD"},
            options={"tempo": 60},
            poll_seconds=90,
            backfill_seconds=36 * 3600,
            lineage_namespaces=("beat", "2026-05-01"),
        ),
    )
    assert "hunter22" not in repr(loaded)


def test_defaults():
    loaded = load_text("orchestrators: [{name: b, kind: metronome, url: 'https://b', auth: {password: file:/p}}]")
    (definition,) = loaded.orchestrators
    assert (definition.poll_seconds, definition.backfill_seconds, definition.options) == (15, 7 * 86400, {})


def test_an_empty_list_is_a_sound_file():
    assert load_text("orchestrators: []").orchestrators == ()


def test_yaml_1_2_and_no_other():
    document = read_document(
        "no: no\nyes: yes\ntrue: true\nday: 2026-05-01\noctal: 0o17\nzero: 010\nhex: 0xff\nsex: 1:30\n"
        "float: 5e3\ninf: -.inf\nnull: ~\nempty:\nquoted: '1'\nlong: " + "9" * 5000 + "\n"
    )
    assert document.faults == []
    assert {key: value for key, value in document.value.items() if key != "long"} == {
        "no": "no",
        "yes": "yes",
        "true": True,
        "day": "2026-05-01",
        "octal": 15,
        "zero": 10,
        "hex": 255,
        "sex": "1:30",
        "float": 5000.0,
        "inf": float("-inf"),
        "null": None,
        "empty": None,
        "quoted": "1",
    }


def test_anchors_and_merges_spare_repetition():
    document = read_document("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  d: 3\nw: *x\n")
    assert document.faults == []
    assert document.value["z"] == {"a": 1, "b": 1, "c": 2, "d": 3}
    assert document.value["w"] == {"a": 1, "b": 1}


def test_lines_are_found_for_what_exists_and_near_what_does_not():
    document = read_document("a:\n  - b: 1\n\n  - c: |\n      text\n    d: 2\n")
    assert document.line_of(("a", 0, "b")) == 2
    assert document.line_of(("a", 1, "d")) == 6
    assert document.line_of(("a", 1, "missing")) == 4
    assert document.line_of(("elsewhere",)) == 1
