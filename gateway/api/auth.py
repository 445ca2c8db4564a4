"""Who is calling: by token, or, while there are no tokens, by being on this machine."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.api import metrics, tokens
from gateway.api.callers import Caller, why_not_local
from gateway.domain.access import Principal, Role, Token
from gateway.store.database import Database
from gateway.store.repository import tokens as stored_tokens

LOCAL = Principal("local", Role.ADMIN)
#: Seconds for which an answer of the database is believed: a revoked token lives that much longer.
MEMORY = 2.0
REMEMBERED = 1_000
TOUCHED_EVERY = timedelta(minutes=1)
#: Hashes computed at once; more callers wait, so that guessing cannot take the machine.
AT_ONCE = 2


class Refused(Exception):
    """The caller may not do this; ``status`` is the HTTP status, 401 or 403."""

    def __init__(self, status: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.remedy = remedy


@dataclass(slots=True)
class _Known:
    """A token text that was found right for ``token``; looked up again after a while."""

    token: Token
    asked_at: float


class Authenticator:
    """Tells who calls. One per process; it remembers for seconds, never longer."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, is_open: bool) -> None:
        self._database = database
        self._clock = clock
        self._is_open = is_open
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._touched: dict[int, datetime] = {}
        self._hashing = asyncio.Semaphore(AT_ONCE)
        self._is_on = False
        self._asked_at = float("-inf")
        self._running: set[asyncio.Task[None]] = set()
        self._decoy: str | None = None

    async def is_on(self) -> bool:
        """Whether any valid token exists, so that everybody needs one."""
        if time.monotonic() - self._asked_at > MEMORY:
            async with self._database.read() as session:
                self._is_on = await stored_tokens.exist(session)
            self._asked_at = time.monotonic()
        return self._is_on

    async def authenticate(self, caller: Caller, role: Role = Role.VIEWER) -> Principal:
        """Who calls, if they may do what ``role`` may. Refused."""
        principal = await (self._by_token(caller) if await self.is_on() else self._by_place(caller))
        if not principal.role.includes(role):
            metrics.REFUSED.labels("role").inc()
            raise Refused(
                403,
                f"This needs the role {role}; {principal.name} is {principal.role}.",
                f"Use a token with the role {role}: podium token create --role {role}.",
            )
        return principal

    async def aclose(self) -> None:
        """Let what is being written finish."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _by_place(self, caller: Caller) -> Principal:
        if not self._is_open:
            metrics.REFUSED.labels("no_tokens").inc()
            remedy = "Make one: podium token create --name NAME --role admin."
            raise Refused(401, "Podium can be reached from other machines and has no token yet.", remedy)
        reason = why_not_local(caller)
        if reason is not None:
            metrics.REFUSED.labels("not_local").inc()
            remedy = "Open Podium as http://127.0.0.1:PORT, or make a token: podium token create --name NAME."
            raise Refused(403, f"Without tokens, Podium serves this machine only, and {reason}.", remedy)
        return LOCAL

    async def _by_token(self, caller: Caller) -> Principal:
        if caller.token is None:
            metrics.REFUSED.labels("no_token").inc()
            raise Refused(401, "This needs a token.", "Send one as Authorization: Bearer TOKEN.")
        token = await self._find(caller.token)
        if token is None:
            metrics.REFUSED.labels("bad_token").inc()
            raise Refused(401, "The token is not valid.", "It may be revoked: podium token list, podium token create.")
        self._touch(token)
        return Principal(token.name, token.role)

    async def _find(self, text: str) -> Token | None:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(digest)
        if known is not None and time.monotonic() - known.asked_at <= MEMORY:
            return known.token
        prefix = tokens.prefix_of(text)
        if prefix is None:
            return None
        asked_at = time.monotonic()
        async with self._database.read() as session:
            token = await stored_tokens.by_prefix(session, prefix)
        is_verified = token is not None and known is not None and known.token.hash == token.hash
        if not is_verified and not await self._verify(text, token):
            token = None
        self._remember(digest, token, asked_at)
        return token

    async def _verify(self, text: str, token: Token | None) -> bool:
        async with self._hashing:
            if token is not None:
                return await asyncio.to_thread(tokens.matches, text, token.hash)
            # An unknown prefix takes as long as a known one, so that the time tells nothing.
            if self._decoy is None:
                self._decoy = (await asyncio.to_thread(tokens.generate)).hashed
            await asyncio.to_thread(tokens.matches, text, self._decoy)
            return False

    def _remember(self, digest: bytes, token: Token | None, asked_at: float) -> None:
        self._known.pop(digest, None)
        if token is not None:
            self._known[digest] = _Known(token, asked_at)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _touch(self, token: Token) -> None:
        now = self._clock()
        last = self._touched.get(token.id) or token.last_used_at
        if last is None or now - last >= TOUCHED_EVERY:
            self._touched[token.id] = now
            task = asyncio.create_task(self._write_touch(token.id, now), name="token-last-used")
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _write_touch(self, token_id: int, now: datetime) -> None:
        async with self._database.write() as session:
            await stored_tokens.touch(session, token_id, now)
