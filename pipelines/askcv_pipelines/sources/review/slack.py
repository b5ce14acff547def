"""Slack: the messages of a channel or thread, alone or beside the workspace's users."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from askcv_pipelines.sources.review.remark import Remark, inner, is_machine, records, string

TIMESTAMP = re.compile(r"\d{9,11}(?:\.\d+)?")
MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|([^>]*))?>")
CHANNEL = re.compile(r"<[#!][A-Za-z0-9^]+(?:\|([^>]*))?>")
LINK = re.compile(r"<((?:https?|mailto):[^>|\s]+)(?:\|([^>]*))?>")
QUOTE = re.compile(r"^&gt;", re.MULTILINE)
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
BULLET = re.compile(r"^([ \t]*)[•◦▪]\s+", re.MULTILINE)


def export(data: Any) -> list[Remark] | None:
    """A list of messages, or an object with ``messages`` and perhaps ``users``."""
    messages = records(data.get("messages") if isinstance(data, dict) else data)
    messages = [record for record in messages if _is_message(record)]
    if not messages:
        return None
    users = _users(data.get("users") if isinstance(data, dict) else None)
    return [_remark(record, users) for record in messages]


def _is_message(record: dict[str, Any]) -> bool:
    return isinstance(record.get("text"), str) and TIMESTAMP.fullmatch(str(record.get("ts", ""))) is not None


def _users(value: Any) -> dict[str, str]:
    """Names by id, from a list of accounts or an object of names or accounts."""
    if isinstance(value, dict):
        listed = [(key, entry if isinstance(entry, dict) else {"name": entry}) for key, entry in value.items()]
    else:
        listed = [(str(entry.get("id")), entry) for entry in records(value)]
    return {key: name for key, entry in listed if (name := _name(entry))}


def _name(account: dict[str, Any]) -> str | None:
    profile = inner(account, "profile")
    name = string(profile, "real_name", "display_name") or string(account, "real_name", "display_name", "name")
    return " ".join(name.split())[:100] if name else None


def _remark(record: dict[str, Any], users: dict[str, str]) -> Remark:
    user = string(record, "user", "username") or ""
    speaker = users.get(user) or _name(inner(record, "user_profile")) or string(record, "username") or user or None
    # Every subtype but these is the program speaking: joins, topics, pins, apps.
    spoken = record.get("subtype") in {None, "thread_broadcast", "me_message", "file_share", "reply_broadcast"}
    automatic = not spoken or "bot_id" in record or is_machine(speaker or "")
    return Remark(_text(string(record, "text") or "", users), speaker, _date(record), automatic)


def _date(record: dict[str, Any]) -> str | None:
    try:
        return datetime.fromtimestamp(float(record["ts"]), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _text(text: str, users: dict[str, str]) -> str:
    """A message as it is shown: Slack's own markup for mentions, links, quotes and bullets resolved."""
    text = QUOTE.sub(">", text)
    text = MENTION.sub(lambda m: "@" + (users.get(m[1]) or m[2] or m[1]), text)
    text = CHANNEL.sub(lambda m: m[1] or "", text)
    text = LINK.sub(lambda m: m[2] or m[1], text)
    text = BULLET.sub(r"\1- ", text)
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text
