"""Mail over SMTP, plain and HTML; all messages about one incident are one thread."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field

from adapters.sdk.errors import Rejected, Unauthorized, Unavailable
from gateway.alerts.channels.line import TIMEOUT, Line, Message, Options, Secret

_PORTS = {"smtp": 25, "smtps": 465}


def _server(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("is no mail server; write it like smtp://mail.example.com:587 or smtps://mail.example.com.")
    if parts.password is not None:
        raise ValueError("holds a password; give it as password: env:NAME or file:PATH.")
    return value


class EmailOptions(Options):
    """A server, who writes, and to whom."""

    smtp: Annotated[str, AfterValidator(_server)]
    sender: str = Field(alias="from")
    to: list[str] = Field(min_length=1)
    username: str | None = None
    password: Secret | None = None
    #: smtp:// only: refuse to go on where the server cannot encrypt.
    starttls: bool = False


async def send(options: EmailOptions, message: Message, line: Line) -> dict[str, Any]:
    """Hand it to the server; by its ``Message-ID`` a reader can drop a double. AdapterError, SecretError."""
    password = line.secret(options.password) if options.password is not None else None
    mail = composed(options, message)
    try:
        await asyncio.to_thread(_deliver, options, mail, password)
    except smtplib.SMTPAuthenticationError as error:
        raise Unauthorized(f"The mail server refused the user ({error.smtp_code}).") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        told = f"The mail server refused {', '.join(error.recipients)} ({', '.join(map(str, sorted(codes)))})."
        raise (Unavailable(told) if any(code < 500 for code in codes) else Rejected(told)) from None
    except smtplib.SMTPResponseException as error:
        said: bytes | str = error.smtp_error
        text = line.redactor(said.decode(errors="replace") if isinstance(said, bytes) else said)
        told = f"The mail server answered {error.smtp_code}: {text}."
        raise (Unavailable(told) if error.smtp_code < 500 else Rejected(told)) from None
    except smtplib.SMTPNotSupportedError as error:
        raise Rejected(f"The mail server cannot do it: {line.redactor(str(error))}.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable(f"The mail server could not be reached: {line.redactor(str(error))}.") from None
    return {}


def composed(options: EmailOptions, message: Message) -> EmailMessage:
    """As it is sent."""
    mail = EmailMessage()
    mail["Subject"] = message.title
    mail["From"] = options.sender
    mail["To"] = ", ".join(options.to)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.key}@podium.invalid>"
    mail["References"] = f"<{message.incident_key}@podium.invalid>"
    mail["In-Reply-To"] = f"<{message.incident_key}@podium.invalid>"
    mail["X-Podium-Incident"] = message.incident_key
    incident: Any = message.document["incident"]
    named = (("Open in Podium", incident["url"]), ("Acknowledge", incident.get("acknowledgeUrl")))
    links = [(name, url) for name, url in named if url]
    mail.set_content("\n\n".join(filter(None, [message.text, "\n".join(f"{name}: {url}" for name, url in links)])))
    lines = "".join(f"<p>{escape(one)}</p>" for one in message.text.split("\n") if one)
    shown = " · ".join(f'<a href="{escape(url)}">{name}</a>' for name, url in links)
    last = f"<p>{shown}</p>" if shown else ""
    mail.add_alternative(f"<h2>{escape(message.title)}</h2>{lines}{last}", subtype="html")
    return mail


def _deliver(options: EmailOptions, mail: EmailMessage, password: str | None) -> None:
    parts = urlsplit(options.smtp)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    secure = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=secure)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    with server:
        if options.starttls:
            server.starttls(context=secure)
        username = options.username or unquote(parts.username or "")
        if username:
            server.login(username, password or "")
        server.send_message(mail)
