"""Settings: defaults, precedence, and what a person is told of a wrong one."""

from base64 import b64encode
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from gateway.app.settings import LogFormat, LogLevel, SettingsError, hide_password, load_settings


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PODIUM_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere/share")
    settings = load_settings()
    assert (settings.host, settings.port, settings.config) == ("127.0.0.1", 8080, None)
    assert settings.database_url == "sqlite:////somewhere/share/podium/podium.sqlite"


def test_the_database_moves_with_the_data_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PODIUM_DATA_DIR", "/srv/podium")
    assert load_settings().database_url == "sqlite:////srv/podium/podium.sqlite"


def test_the_environment_counts_and_the_command_line_wins(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PODIUM_PORT", "9000")
    monkeypatch.setenv("PODIUM_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("PODIUM_LOG_FORMAT", "json")
    monkeypatch.setenv("PODIUM_CONFIG", "~/podium.yaml")
    monkeypatch.setenv("PODIUM_HOST", "")
    settings = load_settings(port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "127.0.0.1")
    assert (settings.log_level, settings.log_format) == (LogLevel.DEBUG, LogFormat.JSON)
    assert settings.config == Path.home() / "podium.yaml"


def test_every_fault_is_told_at_once_with_variable_value_and_remedy(monkeypatch: pytest.MonkeyPatch):
    for variable, value in {
        "PODIUM_DATABSE_URL": "sqlite:///x",
        "PODIUM_DATABASE_URL": "mysql://podium:hunter22@db/podium",
        "PODIUM_LOG_LEVEL": "loud",
        "PODIUM_LOG_FORMAT": "xml",
        "PODIUM_PORT": "http",
        "PODIUM_URL": "podium.example.com",
    }.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == snapshot(
        """\
PODIUM_DATABSE_URL is not a setting; did you mean PODIUM_DATABASE_URL? Rename or unset it.
PODIUM_DATABASE_URL=mysql://podium:***@db/podium: use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.
PODIUM_PORT=http: use a number from 0 to 65535.
PODIUM_LOG_LEVEL=loud: use one of debug, info, warning, error.
PODIUM_LOG_FORMAT=xml: use one of console, json.
PODIUM_URL=podium.example.com: use http://HOST:PORT or https://HOST.\
"""
    )


def test_secrets_may_be_in_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    key = b64encode(bytes(32)).decode()
    for name, text in {"url": "postgresql://podium:hunter22@db/podium\n", "keys": f"{key}\n", "token": "abc\n"}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("PODIUM_DATABASE_URL", f"file:{tmp_path}/url")
    monkeypatch.setenv("PODIUM_SECRET_KEYS", f"file:{tmp_path}/keys")
    monkeypatch.setenv("PODIUM_TOKEN", f"file:{tmp_path}/token")
    settings = load_settings()
    assert settings.database_url == "postgresql://podium:hunter22@db/podium"
    assert settings.keys == (key,)
    assert settings.token is not None
    assert settings.token.get_secret_value() == "abc"


def test_what_a_file_holds_is_judged_and_not_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "url").write_text("mysql://podium:hunter22@db/podium")
    (tmp_path / "keys").write_text("hunter22")
    monkeypatch.setenv("PODIUM_DATABASE_URL", f"file:{tmp_path}/url")
    monkeypatch.setenv("PODIUM_SECRET_KEYS", f"file:{tmp_path}/keys")
    monkeypatch.setenv("PODIUM_TOKEN", "file:/nowhere/token")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    told = str(caught.value)
    assert "hunter22" not in told
    assert f"PODIUM_DATABASE_URL=file:{tmp_path}/url: use sqlite:///PATH" in told
    assert "PODIUM_SECRET_KEYS=***: use what `podium secret-key` prints" in told
    assert "PODIUM_TOKEN=***: file:/nowhere/token cannot be read" in told
    assert "create it or correct the path." in told


def test_a_wrong_option_is_named_as_it_was_given():
    with pytest.raises(SettingsError, match="^--port=70000: use a number from 0 to 65535.$"):
        load_settings(port=70000)


def test_what_kubernetes_sets_for_a_service_named_podium_is_explained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PODIUM_PORT", "tcp://10.96.0.7:8080")
    monkeypatch.setenv("PODIUM_SERVICE_HOST", "10.96.0.7")
    with pytest.raises(SettingsError, match="enableServiceLinks: false"):
        load_settings()


def test_other_variables_of_that_prefix_are_let_be(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PODIUM_AIRFLOW_PASSWORD", "hunter22")
    assert load_settings().port == 8080


def test_no_secret_is_in_the_repr(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PODIUM_TOKEN", "hunter22")
    monkeypatch.setenv("PODIUM_DATABASE_URL", "postgresql://podium:hunter22@db/podium")
    assert "hunter22" not in repr(load_settings())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://podium:p@ss:w0rd@db/podium", "postgresql://podium:***@db/podium"),
        ("postgresql://db/podium?password=secret&x=1", "postgresql://db/podium?password=***&x=1"),
        ("sqlite:////srv/podium.sqlite", "sqlite:////srv/podium.sqlite"),
        ("postgresql://db:5432/podium", "postgresql://db:5432/podium"),
    ],
)
def test_a_shown_url_has_no_password(url: str, shown: str):
    assert hide_password(url) == shown
