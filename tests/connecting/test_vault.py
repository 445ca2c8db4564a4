"""What is encrypted, for whom, with which keys; and where references lead."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.sdk.secrets import SecretError
from gateway.sync.vault import OfTheApi, Vault, new_key

URL = "https://airflow.example.com/tools"


def test_sealed_and_opened_with_a_key_file_that_nobody_else_can_read(tmp_path):
    vault = Vault(key_file=tmp_path / "podium.key")
    sealed = vault.seal("hunter2", URL)
    assert "hunter2" not in sealed
    assert stat.S_IMODE((tmp_path / "podium.key").stat().st_mode) == 0o600
    assert Vault(key_file=tmp_path / "podium.key").unseal(sealed, "https://airflow.example.com:443/") == "hunter2"
    assert [path.name for path in tmp_path.iterdir()] == ["podium.key"], "no draft is left behind"


def test_two_processes_that_begin_at_once_have_one_key(tmp_path):
    vaults = [Vault(key_file=tmp_path / "podium.key") for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(lambda vault: vault.seal("hunter2", URL), vaults))
    assert {vaults[0].unseal(one, URL) for one in sealed} == {"hunter2"}


@pytest.mark.parametrize(
    "other",
    ["http://airflow.example.com", "https://airflow.example.com:8443", "https://airflow.example.com.evil.example"],
)
def test_what_was_typed_in_opens_for_no_other_server(tmp_path, other):
    vault = Vault(key_file=tmp_path / "podium.key")
    sealed = vault.seal("hunter2", URL)
    with pytest.raises(SecretError, match="is for https://airflow.example.com:443 and is not sent to") as refused:
        vault.unseal(sealed, other)
    assert "hunter2" not in str(refused.value)


def test_keys_rotate():
    old, new = new_key(), new_key()
    sealed = Vault([old]).seal("hunter2", URL)
    assert Vault([new, old]).unseal(sealed, URL) == "hunter2"
    with pytest.raises(SecretError, match="restore the key in PODIUM_SECRET_KEYS, or type it in again"):
        Vault([new]).unseal(sealed, URL)
    assert Vault([new]).unseal(Vault([new, old]).seal("hunter2", URL), URL) == "hunter2", "the first one encrypts"


def test_without_a_key_nothing_is_sealed_and_the_message_says_how_to_make_one():
    vault = Vault()
    with pytest.raises(SecretError, match="Set PODIUM_SECRET_KEYS, the same on every replica, to what `podium secret"):
        vault.seal("hunter2", URL)
    assert vault.rules().why_not_typed is not None


def test_a_key_file_that_is_gone_or_no_key(tmp_path):
    vault = Vault(key_file=tmp_path / "podium.key")
    sealed = vault.seal("hunter2", URL)
    (tmp_path / "podium.key").write_text("nonsense")
    with pytest.raises(SecretError, match="cannot be read as a key; restore it"):
        vault.seal("hunter2", URL)
    (tmp_path / "podium.key").unlink()
    with pytest.raises(SecretError, match="is gone; restore it, or type it in again"):
        vault.unseal(sealed, URL)


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("file:airflow", "hunter2"),
        ("file:linked", "hunter2"),
        ("file:../outside", None),
        ("file:/etc/hostname", None),
        ("file:escaping", None),
        ("env:PODIUM_CONNECT_AIRFLOW", "hunter2"),
        ("env:PODIUM_SECRET_KEYS", None),
        ("env:podium_connect_airflow", None),
    ],
)
def test_references_stay_within_folder_and_prefix(tmp_path, monkeypatch, pointer, found):
    folder = tmp_path / "secrets"
    (folder / "..data").mkdir(parents=True)
    (folder / "..data" / "airflow").write_text("hunter2\n")
    (folder / "airflow").symlink_to("..data/airflow")
    (folder / "linked").symlink_to(folder / "airflow")
    (tmp_path / "outside").write_text("a neighbour's secret")
    (folder / "escaping").symlink_to(tmp_path / "outside")
    monkeypatch.setenv("PODIUM_CONNECT_AIRFLOW", "hunter2")
    monkeypatch.setenv("PODIUM_SECRET_KEYS", "k")
    secrets = OfTheApi(Vault(folder=folder), URL)
    assert secrets.is_pointer(pointer, is_secret=True)
    assert not secrets.is_pointer(pointer, is_secret=False), "elsewhere it is a plain value"
    if found is not None:
        assert secrets.resolve(pointer) == found
        return
    with pytest.raises(SecretError) as refused:
        secrets.resolve(pointer)
    assert "neighbour" not in str(refused.value)


def test_nothing_shows_what_it_holds(tmp_path):
    key = new_key()
    vault = Vault([key])
    sealed = vault.seal("hunter2", URL)
    secrets = OfTheApi(vault, URL, {"password": "hunter2"})
    assert key not in repr(vault)
    assert "hunter2" not in repr(secrets)
    assert secrets.shown(sealed) == "what was typed in"
