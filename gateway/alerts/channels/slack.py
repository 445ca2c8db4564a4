"""Slack: one message for an incident that is kept up to date, and its story as a thread.

With an incoming webhook, which can only post, every notification is a message of its own.
Requests and errors as in https://docs.slack.dev/reference/methods/chat.postMessage, chat.update, conversations.history
and conversations.replies.

Slack documents no key by which a second post would be known for the first. So every message carries its own in its
metadata (https://docs.slack.dev/messaging/message-metadata), and whoever tries again looks for that before posting.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlencode

import orjson
import structlog
from pydantic import model_validator

from adapters.sdk.errors import AdapterError, Drift, RateLimited, Rejected, Unauthorized, Unavailable
from gateway.alerts.channels.line import Line, Message, Options, Secret
from gateway.domain.incidents import NoticeKind

log = structlog.get_logger(__name__)

_COLOURS = {"INFO": "#439fe0", "WARNING": "#e8a33d", "ERROR": "#d1453b", "CRITICAL": "#8b1a1a"}
_WELL = "#2e8b57"
_ACCESS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
)
_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
#: The message is there no more, or may not be changed any more: there is only a new one to write.
_UNCHANGEABLE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
#: Characters of a section's text and of a button's URL, by Slack.
LONGEST = 3_000
#: Messages that are looked through for one that may be there: so many at once, so often.
AT_ONCE, PAGES = 200, 5
#: How far Slack's clock and ours may be apart.
SKEW = timedelta(hours=1)
EVENT = "podium_notification"


class SlackOptions(Options):
    """An incoming webhook, or a bot's token and the channel it writes to."""

    webhook_url: Secret | None = None
    token: Secret | None = None
    channel: str | None = None
    api_url: str = "https://slack.com/api"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.webhook_url is None) == (self.token is None):
            raise ValueError("needs webhook_url, or token and channel, and not both.")
        if (self.token is None) != (self.channel is None):
            raise ValueError("token and channel belong together.")
        return self


class _UnchangeableError(Rejected):
    """What was posted cannot be brought up to date."""


async def send(options: SlackOptions, message: Message, line: Line) -> dict[str, Any]:
    """Post it, or bring the message that is there up to date. AdapterError, SecretError."""
    if options.webhook_url is not None:
        await line.post(line.address(options.webhook_url), orjson.dumps(_body(message)))
        return {}
    thread = {name: message.thread[name] for name in ("channel", "ts") if name in message.thread}
    if len(thread) < 2:
        return await _begin(options, message, line)
    try:
        await _change(options, line, "chat.update", {**thread, **_body(message)})
    except _UnchangeableError as error:
        log.warning("a message in Slack could not be brought up to date; a new one is posted", reason=str(error))
        return await _begin(options, message, line)
    place = {"channel": thread["channel"], "ts": thread["ts"]}
    if await _posted(options, message, line, "conversations.replies", place) is None:
        reply = {"channel": thread["channel"], "thread_ts": thread["ts"], "text": _reply(message)}
        await _change(options, line, "chat.postMessage", {**reply, "metadata": _metadata(message)})
    return thread


def escaped(text: str, longest: int = LONGEST) -> str:
    """Text as Slack wants it, where three characters mean something; what is longer is cut between two characters."""
    pieces = [_ESCAPES.get(one, one) for one in text]
    if sum(map(len, pieces)) <= longest:
        return "".join(pieces)
    room, kept = longest - 1, list[str]()
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + "…"


async def _begin(options: SlackOptions, message: Message, line: Line) -> dict[str, Any]:
    """What later messages need of the one that is there now."""
    place = {"channel": str(options.channel)}
    there = await _posted(options, message, line, "conversations.history", place)
    if there is not None:
        return {**place, "ts": there}
    body = {**place, **_body(message), "metadata": _metadata(message)}
    answer = await _change(options, line, "chat.postMessage", body)
    return {"channel": answer["channel"], "ts": answer["ts"]}


async def _posted(
    options: SlackOptions, message: Message, line: Line, method: str, place: Mapping[str, str]
) -> str | None:
    """The ``ts`` of this very message where an earlier attempt has posted it, as far as Slack lets us look."""
    if not message.may_be_there:
        return None
    since = f"{(message.at - SKEW).timestamp():.6f}"
    asked = {**place, "include_all_metadata": "true", "oldest": since, "limit": str(AT_ONCE)}
    for _ in range(PAGES):
        try:
            answer = await _ask(options, line, method, asked)
        except AdapterError as error:
            if error.is_retryable:
                raise
            log.warning("Slack cannot be asked whether a message is there; it is posted", reason=str(error))
            return None
        for one in answer.get("messages") or ():
            if one.get("metadata") == _metadata(message):
                return str(one["ts"])
        more: Any = answer.get("response_metadata") or {}
        cursor: str | None = more.get("next_cursor")
        if not cursor:
            return None
        asked["cursor"] = cursor
    return None


def _metadata(message: Message) -> dict[str, Any]:
    # With its time: another Podium that writes to this channel may have the same keys.
    return {"event_type": EVENT, "event_payload": {"key": message.key, "at": message.at.isoformat()}}


def _body(message: Message) -> dict[str, Any]:
    incident: Any = message.document["incident"]
    colour = _WELL if message.kind is NoticeKind.RESOLVED else _COLOURS.get(incident["severity"], _WELL)
    blocks = [_section(_title(message.title, incident["url"]))]
    if message.text:
        blocks.append(_section(escaped(message.text)))
    acknowledge = incident.get("acknowledgeUrl")
    if acknowledge and len(acknowledge) <= LONGEST:
        label = {"type": "plain_text", "text": "Acknowledge"}
        button = {"type": "button", "action_id": "acknowledge", "text": label, "url": acknowledge}
        blocks.append({"type": "actions", "elements": [button]})
    return {"text": escaped(message.title), "attachments": [{"color": colour, "blocks": blocks}]}


def _title(title: str, url: str | None) -> str:
    room = LONGEST - len(f"*<{url}|>*")
    if not url or room < LONGEST // 2:
        return f"*{escaped(title, LONGEST - 2)}*"
    return f"*<{url}|{escaped(title, room)}>*"


def _reply(message: Message) -> str:
    first = message.text.split("\n")[0]
    return escaped(f"{message.title}\n{first}".strip())


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def _change(options: SlackOptions, line: Line, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return await _call(options, line, method, orjson.dumps(body), "application/json; charset=utf-8")


async def _ask(options: SlackOptions, line: Line, method: str, asked: Mapping[str, str]) -> dict[str, Any]:
    return await _call(options, line, method, urlencode(asked).encode(), "application/x-www-form-urlencoded")


async def _call(options: SlackOptions, line: Line, method: str, body: bytes, form: str) -> dict[str, Any]:
    token = line.secret(options.token or "")
    headers = {"authorization": f"Bearer {token}", "content-type": form}
    response = await line.post(f"{options.api_url.rstrip('/')}/{method}", body, headers)
    answer = line.decode(response)
    if not isinstance(answer, dict):
        raise Drift(f"Slack's {method} answered something that is no object.")
    told: dict[str, Any] = answer  # pyright: ignore[reportUnknownVariableType]
    if told.get("ok") is not True:
        raise _error(method, str(told.get("error")), told.get("needed"))
    return told


def _error(method: str, error: str, needed: object) -> Exception:
    told = f"Slack's {method} refused: {error}."
    if error in _ACCESS:
        return Unauthorized(told, remedy=f"Check the token and its scopes ({needed or 'chat:write'}).")
    if error == "ratelimited":
        return RateLimited(told)
    if error in _PASSING:
        return Unavailable(told)
    if error in _UNCHANGEABLE:
        return _UnchangeableError(told)
    return Rejected(told, remedy="Invite the app to the channel." if error == "not_in_channel" else None)
