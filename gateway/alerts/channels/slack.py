"""Slack: one message for an incident that is kept up to date, and its story as a thread.

With an incoming webhook, which can only post, every notification is a message of its own.
Requests and errors as in https://api.slack.com/methods/chat.postMessage and chat.update.
"""

from typing import Any, Self

import orjson
from pydantic import model_validator

from adapters.sdk.errors import Drift, RateLimited, Rejected, Unauthorized, Unavailable
from gateway.alerts.channels.line import Line, Message, Options, Secret
from gateway.domain.incidents import NoticeKind

_COLOURS = {"INFO": "#439fe0", "WARNING": "#e8a33d", "ERROR": "#d1453b", "CRITICAL": "#8b1a1a"}
_WELL = "#2e8b57"
_ACCESS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
)
_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
#: Characters of a section's text, by Slack.
LONGEST = 3_000


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


async def send(options: SlackOptions, message: Message, line: Line) -> dict[str, Any]:
    """Post it, or bring the message that is there up to date. AdapterError, SecretError."""
    if options.webhook_url is not None:
        await line.post(line.address(options.webhook_url), orjson.dumps(_body(message)))
        return {}
    thread = {name: message.thread[name] for name in ("channel", "ts") if name in message.thread}
    if len(thread) < 2:
        answer = await _call(options, line, "chat.postMessage", {"channel": options.channel, **_body(message)})
        return {"channel": answer["channel"], "ts": answer["ts"]}
    await _call(options, line, "chat.update", {**thread, **_body(message)})
    reply = {"channel": thread["channel"], "thread_ts": thread["ts"], "text": escaped(message.text.split("\n")[0])}
    await _call(options, line, "chat.postMessage", reply)
    return thread


def escaped(text: str) -> str:
    """Text as Slack wants it: three characters mean something there."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _body(message: Message) -> dict[str, Any]:
    incident: Any = message.document["incident"]
    colour = _WELL if message.kind is NoticeKind.RESOLVED else _COLOURS.get(incident["severity"], _WELL)
    title = escaped(message.title)
    if incident["url"]:
        title = f"<{incident['url']}|{title}>"
    blocks = [_section(f"*{title}*"), _section(escaped(message.text))]
    return {"text": escaped(message.title), "attachments": [{"color": colour, "blocks": blocks}]}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:LONGEST]}}


async def _call(options: SlackOptions, line: Line, method: str, body: dict[str, Any]) -> dict[str, Any]:
    token = line.secret(options.token or "")
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json; charset=utf-8"}
    response = await line.post(f"{options.api_url.rstrip('/')}/{method}", orjson.dumps(body), headers)
    answer = line.decode(response)
    if not isinstance(answer, dict):
        raise Drift(f"Slack's {method} answered something that is no object.")
    told: dict[str, Any] = answer  # pyright: ignore[reportUnknownVariableType]
    if told.get("ok") is not True:
        raise _error(method, str(told.get("error")))
    return told


def _error(method: str, error: str) -> Exception:
    told = f"Slack's {method} refused: {error}."
    if error in _ACCESS:
        return Unauthorized(told, remedy="Check the token and its scopes (chat:write).")
    if error == "ratelimited":
        return RateLimited(told)
    if error in _PASSING:
        return Unavailable(told)
    return Rejected(told, remedy="Invite the app to the channel." if error == "not_in_channel" else None)
