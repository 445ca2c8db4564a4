"""``podium token``: made, shown once, listed without being shown, revoked."""

import json

from tests.app.conftest import Podium


def test_a_token_is_printed_alone_so_that_a_shell_can_take_it(podium: Podium):
    made = podium("token", "create", "--name", "laptop", "--role", "operator")
    assert made.exit_code == 0
    assert made.out.startswith("podium_")
    assert len(made.out.split()) == 1
    assert "not shown again" in made.err


def test_a_list_shows_names_and_roles_and_never_a_token(podium: Podium):
    text = podium("token", "create", "--name", "laptop", "--role", "ADMIN".lower(), "--json")
    token = json.loads(text.out)["token"]
    listed = podium("token", "list")
    assert "laptop" in listed.out
    assert "admin" in listed.out
    assert token.rpartition("_")[2] not in listed.out + podium("token", "list", "--json").out


def test_a_revoked_token_stays_listed_and_its_name_taken(podium: Podium):
    podium("token", "create", "--name", "old", "--role", "viewer")
    assert podium("token", "revoke", "old").out == "Token old is revoked.\n"
    again = podium("token", "revoke", "old")
    assert (again.exit_code, again.err) == (
        1,
        "podium: there is no valid token named 'old'.\nSee `podium token list`.\n",
    )
    assert json.loads(podium("token", "list", "--json").out)[0]["revokedAt"] is not None
    taken = podium("token", "create", "--name", "old", "--role", "viewer")
    assert taken.exit_code == 1
    assert taken.err.startswith("podium: There is, or was, a token named 'old'.\n")


def test_without_tokens_the_list_says_how_to_make_one(podium: Podium):
    listed = podium("token", "list")
    assert (listed.exit_code, listed.out) == (0, "")
    assert "podium token create" in listed.err


def test_a_role_that_does_not_exist_is_a_usage_error(podium: Podium):
    outcome = podium("token", "create", "--name", "x", "--role", "boss")
    assert outcome.exit_code == 2
    assert outcome.err == (
        "podium: Invalid value for '--role': 'boss' is not one of 'viewer', 'operator', 'admin'.\n"
        "See podium token create --help.\n"
    )
