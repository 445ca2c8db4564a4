"""A lease has one holder at a time; a new holder has a higher token."""

from datetime import UTC, datetime, timedelta

from gateway.store import leases

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)
TTL = timedelta(seconds=15)


async def take(database, holder, at):
    async with database.write() as session:
        return await leases.acquire(session, "sync:1", holder, at, TTL)


async def test_nobody_else_gets_it_before_it_expires(database):
    assert (await take(database, "a", NOW)).token == 1
    assert await take(database, "b", NOW + TTL / 2) is None
    assert (await take(database, "a", NOW + TTL / 2)).token == 1


async def test_a_dead_holders_lease_is_taken_over_with_a_higher_token(database):
    await take(database, "a", NOW)
    taken = await take(database, "b", NOW + TTL)
    assert (taken.holder, taken.token, taken.expires_at) == ("b", 2, NOW + 2 * TTL)
    assert await take(database, "a", NOW + TTL) is None


async def test_a_released_lease_is_free_at_once(database):
    await take(database, "a", NOW)
    async with database.write() as session:
        await leases.release(session, "sync:1", "a", NOW)
    assert (await take(database, "b", NOW)).token == 2


async def test_only_the_holder_releases(database):
    await take(database, "a", NOW)
    async with database.write() as session:
        await leases.release(session, "sync:1", "b", NOW)
    assert await take(database, "b", NOW) is None
