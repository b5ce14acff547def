"""Mail: one message (.eml) or a mailbox of them (.mbox). The document's text is the subject and the bodies in order.

A body is ``text/plain`` where there is one, else the HTML. Own text has the sender as its speaker, quoted text the
one that the attribution above it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import no_text
from askcv_pipelines.sources.canonical import Canonical, storable
from askcv_pipelines.sources.html import html_document
from askcv_pipelines.sources.mail_body import plain_blocks, told_apart
from askcv_pipelines.values import Block, RawDocument

HEADER = re.compile(rb"(?:From|To|Date|Subject|Message-ID|Received|Return-Path|MIME-Version|Delivered-To): ", re.I)
ENVELOPE = re.compile(rb"^From \S{1,200} [^\n]{0,80}\d{4}[ \t]*\r?\n(?=[A-Za-z][\w-]*:)", re.MULTILINE)
ESCAPED_FROM = re.compile(r"^>(>*From )", re.MULTILINE)
REPLY = re.compile(r"^(?:\s*(?:re|aw|fwd?)\s*:)+\s*", re.IGNORECASE)

PATCH = re.compile(r"(?:\[[^\]]{1,40}\]\s*){0,2}\[[^\]]{0,40}\bPATCH\b")


class MailSource:
    name = "mail"
    suffixes = (".eml", ".mbox")

    def recognises(self, head: bytes) -> bool:
        return bool(ENVELOPE.match(head)) or len(set(HEADER.findall(head.split(b"\n\n")[0]))) >= 2

    def read(self, raw: bytes, name: str) -> RawDocument:
        thread = Canonical()
        subject = date = author = None
        for message, mailbox in _messages(raw, name):
            topic, speaker = _header(message, "Subject"), _sender(message)
            if topic and REPLY.sub("", topic) != REPLY.sub("", subject or ""):
                thread.block(topic, speaker=speaker)
                subject = subject or topic
            if topic and PATCH.match(topic):  # the thread is about what this message brings
                author = author or speaker
            date = date or _date(message)
            thread.block(speaker or "", zone="furniture")
            content, blocks = _body(message, name, mailbox)
            thread.embed(content, [replace(b, speaker=b.speaker or _own(b, speaker)) for b in blocks])
        if not any(block.zone != "furniture" for block in thread.blocks):
            raise no_text(name)
        return RawDocument(thread.text, tuple(thread.blocks), title=subject, date=date, author=author)


def _messages(raw: bytes, name: str) -> Iterator[tuple[EmailMessage, bool]]:
    """The messages, each with whether it stands in a mailbox."""
    starts = [m.span() for m in ENVELOPE.finditer(raw)] if ENVELOPE.match(raw) else []
    if not starts and not HEADER.search(raw[:65536]):
        raise SourceError(f"{name}: is no mail message", "Save the message with its headers, as .eml or .mbox.")
    stops = [start for start, _ in starts[1:]] + [len(raw)]
    for (_, begin), stop in zip(starts or [(0, 0)], stops, strict=True):
        try:
            message = message_from_bytes(raw[begin:stop], policy=policy.default)
        except (MessageError, ValueError, LookupError, RecursionError) as error:
            hint = "Save it from the mail program again."
            raise SourceError(f"{name}: holds a message that cannot be read", hint) from error
        assert isinstance(message, EmailMessage)  # noqa: S101 - what policy.default makes
        yield message, bool(starts)


def _header(message: EmailMessage, field: str) -> str | None:
    try:
        value = message[field]
    except Exception:  # noqa: BLE001 - the header parser raises anything from IndexError to AttributeError on bad input
        return None
    return " ".join(storable(str(value)).split())[:500] or None if value is not None else None


def _sender(message: EmailMessage) -> str | None:
    """The name in the From header, as a person writes it: without the mailing list that passed it on."""
    address = _header(message, "From")
    if address is None:
        return None
    name, plain = parseaddr(address)
    name = re.sub(r"\s+via\s.*|\s*\([^)]*\)\s*$", "", name).strip("'\" ")
    if re.fullmatch(r"[^\W\d_][\w'’-]*, [^\W\d_][\w'’. -]*", name):
        name = " ".join(reversed(name.split(", ")))
    return name or plain or None


def _date(message: EmailMessage) -> str | None:
    value = _header(message, "Date")
    try:
        return parsedate_to_datetime(value).date().isoformat() if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _body(message: EmailMessage, name: str, mailbox: bool) -> tuple[str, list[Block]]:
    """The body's text, and its blocks."""
    part: MIMEPart = message
    try:
        part = message.get_body(preferencelist=("plain", "html")) or message
        html = part.get_content_type() == "text/html"
    except (KeyError, ValueError, AttributeError, TypeError, RecursionError):
        html = False  # a structure that contradicts itself: read what is there
    content = storable(_content(part)).replace("\r\n", "\n")
    if html and content.strip():
        page = html_document(content, name)
        return page.text, list(told_apart(page.text, page.blocks))
    if mailbox:
        content = ESCAPED_FROM.sub(r"\1", content)
    return content, list(plain_blocks(content))


def _content(part: MIMEPart) -> str:
    """A part's text. ``get_content`` takes what declares no charset for ASCII and loses its letters: read as UTF-8."""
    payload = None if part.is_multipart() else part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    declared = part.get_content_charset() or "utf-8"
    for charset in ("utf-8", "cp1252") if declared == "us-ascii" else (declared, "utf-8", "cp1252"):
        try:
            return payload.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return payload.decode("latin-1")


def _own(block: Block, speaker: str | None) -> str | None:
    """Who wrote a block that names nobody: the sender, unless it is quoted from somebody unknown."""
    return None if block.zone in {"quote", "furniture"} else speaker
