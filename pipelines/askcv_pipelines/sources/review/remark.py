"""One remark of a thread, and what the shapes read it with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from askcv_pipelines.sources.canonical import storable

# Accounts of machines whose login does not end with [bot].
MACHINES = frozenset(
    "bors bors-servo codecov codecov-commenter codecov-io coderabbitai copilot copilot-pull-request-reviewer coveralls "
    "cla-assistant claassistant dependabot gemini-code-assist github-actions gitlab-bot googlebot greptile-apps "
    "homu hudson jenkins k8s-ci-robot k8s-github-robot lgtm-com luci luci-bisection mergify netlify openstack-ci "
    "pep8speaks pre-commit-ci renovate rust-highfive rustbot slackbot sonarcloud sonarqubecloud stale travis-ci "
    "treehugger-robot vercel zuul".split()
)


@dataclass(frozen=True)
class Remark:
    """Something said in a thread. ``automatic`` is what a machine wrote; ``date`` is as the service gives it."""

    body: str
    speaker: str | None = None
    date: str | None = None
    automatic: bool = False
    is_title: bool = False


def records(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; GraphQL puts the list under ``nodes``, or each object under ``node`` of an edge."""
    if isinstance(value, dict):
        value = value.get("nodes") or value.get("edges") or []
    if not isinstance(value, list):
        return []
    return [inner(item, "node") or item for item in value if isinstance(item, dict)]


def inner(record: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under ``key``; an empty one where there is none."""
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def string(record: dict[str, Any], *keys: str) -> str | None:
    """The first of these keys that holds text."""
    found = next((record[key] for key in keys if isinstance(record.get(key), str) and record[key].strip()), None)
    return None if found is None else storable(found)


def person(record: dict[str, Any], *keys: str) -> tuple[str | None, bool]:
    """Who a record is by, and whether that is a machine: an account object, or its name alone."""
    for key in keys:
        account = record.get(key)
        if isinstance(account, str) and account.strip():
            return _named({"login": account})
        if isinstance(account, dict):
            return _named(account)
    return None, False


def _named(account: dict[str, Any]) -> tuple[str | None, bool]:
    name = string(account, "login", "username", "name", "real_name", "email")
    name = " ".join(name.split())[:100] if name else None
    tags = account.get("tags")
    machine = (
        account.get("type") == "Bot"
        or account.get("__typename") == "Bot"
        or any(account.get(key) is True for key in ("is_bot", "bot", "isBot"))
        or (isinstance(tags, list) and "SERVICE_USER" in tags)
    )
    return name, machine or (name is not None and is_machine(name))


def is_machine(login: str) -> bool:
    """Whether an account is known to be a program's."""
    folded = login.lower().removeprefix("app/")
    return folded in MACHINES or bool(re.search(r"\[bot\]$|[-_]bot$|(?:^|[-_ ])ci(?:[-_ ]?bot)?$", folded))
