"""What the contract says that can be seen by calls which change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from askcv_agents import wire
from askcv_agents.config import Token
from askcv_agents.doctor.examination import NOBODY, Examination, Step
from askcv_agents.doctor.mcp_tools import mcp
from askcv_agents.doctor.shapes import paired, same_letters
from askcv_agents.domains import DOMAINS
from askcv_agents.exchange import Request, failure

NO_BATCH = "bat_of_the_doctor"
NO_DOMAIN = "no_such_domain"


def examine(exam: Examination, mcp_token: Token | None = None) -> Step[None]:
    """Examines a service by calls that change nothing; emits the findings, and leaves with the examination the names
    and paths that it found.

    Raises:
        ApiError: it does not answer, or does not know the token.
    """
    own = exam.token.type
    if own is None or own.name != "mcp":
        yield from _profile(exam)
        yield from _strangers(exam)
        yield from _exports(exam)
        yield from _status(exam)
        yield from _import(exam)
        yield from exam.say("all", f"{wire.REQUEST_ID_HEADER} on every answer", exam.request_ids, "missing on some")
        if not exam.limited_once:
            untried = "nobody's limits are used up for it"
            yield from exam.say("all", "429 past the limits", "not checked", untried, "documented")
    yield from mcp(exam, exam.token if own is not None and own.name == "mcp" else mcp_token)


def _profile(exam: Examination) -> Step[None]:
    request = Request("GET", wire.PROFILE_PATH)
    answer = yield from exam.ask(request)
    if answer.status in {404, 405}:
        if not (yield from exam.elsewhere("profile", "GET")):
            return
        answer = yield from exam.ask(request)
    if answer.status == 401:
        raise failure(request, answer)
    if answer.status == 403:
        yield from exam.refused("profile", request, answer, 403, wire.INSUFFICIENT_SCOPE)
        return
    yield from exam.answered("profile", request, answer, wire.ProfileAnswer, 200)
    if answer.status != 200:
        return
    read = wire.ProfileAnswer.model_validate(exam.overlay.answer(request, answer).json_object() or {})
    yield from _domains(exam, read)
    yield from _token(exam, read.token)


def _domains(exam: Examination, read: wire.ProfileAnswer) -> Step[None]:
    if not read.domains:
        return
    missing = [name for name in DOMAINS if name not in read.domains]
    renamed = paired(missing, {name: None for name in read.domains if name not in DOMAINS})
    for name, found in renamed.items():
        yield from exam.say("domains", f"{name} is a domain", False, f"it is named {found}")
        exam.overlay = exam.overlay.with_name("domains", name, found)
    for name in missing:
        if name not in renamed:
            yield from exam.say("domains", f"{name} is a domain", False, "the profile does not name it")
    for name in read.domains:
        if name not in DOMAINS and name not in renamed.values():
            yield from exam.say("domains", "the profile names the ten domains", False, f"it names {name[:60]} too")
    if not missing and len(read.domains) == len(DOMAINS):
        yield from exam.say("domains", "the profile names the ten domains", True)


def _token(exam: Examination, told: wire.TokenInfo) -> Step[None]:
    own = exam.token.type
    if own is not None:
        yield from exam.say(
            "token", f"a {own.prefix} token is of the type {own.name}", told.type == own.name, f"{told.type}"
        )
    if told.scopes is None:
        yield from exam.say("token", "the scopes of the token", "not checked", "the profile does not tell them")
        return
    exam.scopes = tuple(told.scopes)
    odd = [scope for scope in told.scopes if scope not in get_args(wire.Scope)]
    yield from exam.say(
        "token", "the scopes of the token are known ones", not odd, f"{', '.join(odd)[:60]}", "documented"
    )
    if own is not None and set(own.scopes) != set(told.scopes):
        yield from exam.say("token", "the token has its default scopes", "not checked", "others were chosen for it")


def _strangers(exam: Examination) -> Step[None]:
    """Nobody comes in without a token."""
    request = Request("GET", wire.PROFILE_PATH, headers={"Authorization": NOBODY})
    answer = yield from exam.ask(request)
    yield from exam.refused("profile", request, answer, 401, wire.UNAUTHORIZED)


def _exports(exam: Examination) -> Step[None]:
    reading = exam.scopes is None or wire.READ in exam.scopes
    first = Request("GET", wire.EXPORT_PATH.format(domain="skills"), params={"page": 1, "limit": 1})
    answer = yield from exam.ask(first)
    if not reading:
        yield from exam.refused("export", first, answer, 403, wire.INSUFFICIENT_SCOPE)
        return
    if answer.status in {404, 405} and not (yield from exam.elsewhere("export", "GET")):
        return
    for domain in DOMAINS:
        request = replace(first, path=wire.EXPORT_PATH.format(domain=domain))
        answer = yield from exam.ask(request)
        if (yield from exam.answered("export", request, answer, wire.ExportPage, 200)):
            page = wire.ExportPage.model_validate(exam.overlay.answer(request, answer).json_object() or {})
            yield from exam.say(
                "export", f"a page of {domain} is no longer than its limit", len(page.items) <= 1, "longer"
            )
            yield from _payloads(exam, domain, page)
    request = replace(first, path=wire.EXPORT_PATH.format(domain=NO_DOMAIN))
    yield from exam.refused("export", request, (yield from exam.ask(request)), 404, wire.NOT_FOUND)
    too_long = replace(first, params={"page": 1, "limit": wire.MAX_PAGE_ITEMS + 1})
    answer = yield from exam.ask(too_long)
    items = (exam.overlay.answer(too_long, answer).json_object() or {}).get("items")
    short = isinstance(items, list) and len(items) <= wire.MAX_PAGE_ITEMS
    within = answer.status in {400, 422, 429} or short
    yield from exam.say(
        "export", f"pages of at most {wire.MAX_PAGE_ITEMS} items", within, f"{answer.status}", "documented"
    )


def _payloads(exam: Examination, domain: str, page: wire.ExportPage) -> Step[None]:
    """The names of the fields that entries have; their values are nobody's business."""
    fields = {info.alias or name: info.is_required() for name, info in DOMAINS[domain].model.model_fields.items()}
    for item in page.items:
        unknown = {name: value for name, value in item.payload.items() if name not in fields}
        missing = [name for name, needed in fields.items() if needed and name not in item.payload]
        renamed = paired(missing, unknown) | same_letters([n for n in fields if n not in item.payload], unknown)
        for name, found in renamed.items():
            yield from exam.say("export", f"{domain} has {name}", False, f"it is named {found[:60]}")
            exam.overlay = exam.overlay.with_name("payload", name, found, domain)
        for name in [*(n for n in unknown if n not in renamed.values()), *(n for n in missing if n not in renamed)]:
            said = "the contract does not know it" if name in unknown else "missing"
            yield from exam.say("export", f"the payload of {domain}: {name[:60]}", False, said)


def _status(exam: Examination) -> Step[None]:
    request = Request("GET", wire.STATUS_PATH.format(batch_id=NO_BATCH))
    answer = yield from exam.ask(request)
    told = exam.overlay.answer(request, answer).json_object()
    if answer.status in {404, 405} and (told is None or "error" not in told):  # the path, not the batch
        if not (yield from exam.elsewhere("status", "GET")):
            return
        answer = yield from exam.ask(request)
    yield from exam.refused("status", request, answer, 404, wire.NOT_FOUND)


def _import(exam: Examination) -> Step[None]:
    """Another method than POST is refused where the path is there, and stages nothing."""
    request = Request("GET", wire.IMPORT_PATH)
    answer = yield from exam.ask(request)
    if answer.status == 404:
        if not (yield from exam.elsewhere("import", "POST")):
            return
        answer = yield from exam.ask(request)
    yield from exam.refused("import", request, answer, 405, wire.METHOD_NOT_ALLOWED)
