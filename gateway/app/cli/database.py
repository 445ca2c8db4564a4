"""``podium db``, and how commands that need no server open the database."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from gateway.app.cli import options
from gateway.app.cli.failures import CliError
from gateway.app.cli.output import print_json

if TYPE_CHECKING:
    from gateway.app.settings import Settings
    from gateway.store.database import Database

T = TypeVar("T")

app = typer.Typer(help="The database's schema.", no_args_is_help=True)


@app.command(epilog="Example: podium db upgrade --database-url postgresql://podium@db/podium")
def upgrade(*, database_url: options.DatabaseOption = None) -> None:
    """Bring the database to the schema this version needs. `podium serve` does the same when it starts."""
    settings = options.settings(database_url=database_url)

    async def work() -> tuple[str | None, str]:
        from gateway.store import migrations

        async with connect(settings) as database:
            before = await migrations.current(database)
            await migrations.upgrade(database)
            return before, migrations.head()

    before, after = run(work(), settings)
    typer.echo(f"The database is at {after} already." if before == after else f"Upgraded to {after}.")


@app.command(epilog="Example: podium db current")
def current(*, database_url: options.DatabaseOption = None, as_json: options.JsonFlag = False) -> None:
    """Show the database's schema revision. Exit code 2 where `podium db upgrade` is due."""
    settings = options.settings(database_url=database_url)

    async def work() -> tuple[str | None, str]:
        from gateway.store import migrations

        async with connect(settings) as database:
            return await migrations.current(database), migrations.head()

    at, needed = run(work(), settings)
    if as_json:
        print_json({"current": at, "head": needed})
    else:
        typer.echo(
            f"{at or 'empty'} (up to date)" if at == needed else f"{at or 'empty'} (this version needs {needed})"
        )
    if at != needed:
        raise typer.Exit(2)


def run(work: Coroutine[Any, Any, T], settings: "Settings") -> T:
    """Run work on the database; what it cannot do is told in a line. CliError."""
    import asyncpg
    from sqlalchemy.exc import SQLAlchemyError

    from gateway.app.settings import hide_password
    from gateway.store.database import DatabaseUrlError
    from gateway.store.migrations.runner import NewerDatabaseError

    try:
        return asyncio.run(work)
    except (DatabaseUrlError, NewerDatabaseError) as error:
        raise CliError(hide_password(str(error))) from error
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        reason = hide_password(str(cause).splitlines()[0] if str(cause) else type(cause).__name__)
        raise CliError(
            f"the database {hide_password(settings.database_url)} cannot be used: {reason}.",
            "Check PODIUM_DATABASE_URL, and that the database runs and lets you in.",
        ) from error


@asynccontextmanager
async def connect(settings: "Settings") -> AsyncGenerator["Database"]:
    """The database, whatever its schema is; closed at the end."""
    from gateway.store.database import Database

    database = Database(settings.database_url)
    try:
        yield database
    finally:
        await database.aclose()


@asynccontextmanager
async def ready(settings: "Settings") -> AsyncGenerator["Database"]:
    """The database with the schema of this version. An empty one is set up; another's is left alone: CliError."""
    from gateway.store import migrations

    async with connect(settings) as database:
        at, needed = await migrations.current(database), migrations.head()
        if at is None:
            await migrations.upgrade(database)
        elif at != needed:
            raise CliError(
                f"the database is at schema {at}, this version of Podium needs {needed}.",
                "Run `podium db upgrade`, or use the version of Podium that the server runs.",
            )
        yield database
