"""``podium token``: who may use the API. It works on the database, so that the first token needs none."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from gateway.app.cli import database, options
from gateway.app.cli.failures import CliError
from gateway.app.cli.output import ago, console, note, print_json, table
from gateway.domain.access import Role

app = typer.Typer(help="API tokens.", no_args_is_help=True)


@app.command(epilog="Example: export PODIUM_TOKEN=$(podium token create --name laptop --role operator)")
def create(
    *,
    name: Annotated[str, typer.Option("--name", help="Whose token it is; shown in logs.")],
    role: Annotated[Role, typer.Option("--role", help="viewer reads, operator also triggers, admin may do all.")],
    database_url: options.DatabaseOption = None,
    as_json: options.JsonFlag = False,
) -> None:
    """Make a token and print it, once: only its hash is stored.

    From the first token on, every caller of the API needs one.
    """
    settings = options.settings(database_url=database_url)

    async def work() -> str:
        from gateway.api import tokens

        async with database.ready(settings) as opened, opened.write() as session:
            try:
                return await tokens.issue(session, name, role, datetime.now(UTC))
            except tokens.NameTakenError as error:
                raise CliError(str(error), "Choose another name, so that logs stay unambiguous.") from None

    text = database.run(work(), settings)
    if as_json:
        print_json({"name": name, "role": role.value, "token": text})
    else:
        typer.echo(text)
        note(f"Token {name} ({role.value}) is made; it is not shown again.")


@app.command("list", epilog="Example: podium token list --json")
def list_tokens(*, database_url: options.DatabaseOption = None, as_json: options.JsonFlag = False) -> None:
    """List tokens with role and last use; never the tokens themselves."""
    settings = options.settings(database_url=database_url)

    async def work() -> list[dict[str, str | None]]:
        from gateway.store.repository import tokens

        async with database.ready(settings) as opened, opened.read() as session:
            return [
                {
                    "name": token.name,
                    "role": token.role.value,
                    "createdAt": token.created_at.isoformat(),
                    "lastUsedAt": token.last_used_at.isoformat() if token.last_used_at else None,
                    "revokedAt": token.revoked_at.isoformat() if token.revoked_at else None,
                }
                for token in await tokens.list_all(session)
            ]

    found = database.run(work(), settings)
    if as_json:
        print_json(found)
        return
    if not found:
        note("There are no tokens; make one with `podium token create --name NAME --role admin`.")
        return
    rows = [
        [
            str(token["name"]),
            str(token["role"]),
            ago(token["createdAt"]),
            ago(token["lastUsedAt"]),
            f"revoked {ago(token['revokedAt'])}" if token["revokedAt"] else "valid",
        ]
        for token in found
    ]
    console().print(table(["NAME", "ROLE", "MADE", "LAST USED", "STATE"], rows))


@app.command(epilog="Example: podium token revoke laptop")
def revoke(
    name: Annotated[str, typer.Argument(help="The token's name, as `podium token list` shows it.")],
    *,
    database_url: options.DatabaseOption = None,
) -> None:
    """End a token's validity, at once and for good."""
    settings = options.settings(database_url=database_url)

    async def work() -> bool:
        from gateway.store.repository import tokens

        async with database.ready(settings) as opened, opened.write() as session:
            return await tokens.revoke(session, name, datetime.now(UTC))

    if not database.run(work(), settings):
        raise CliError(f"there is no valid token named {name!r}.", "See `podium token list`.")
    typer.echo(f"Token {name} is revoked.")
