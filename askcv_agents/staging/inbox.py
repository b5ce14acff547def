"""The review inbox as web pages: they work without JavaScript, and every change is a form of this origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from askcv_agents.domains import DOMAINS
from askcv_agents.staging.cards import card, named
from askcv_agents.staging.desk import Desk, InboxPage
from askcv_agents.staging.pages import COOKIE, PageRefusal, SignedIn, own_form, render, signed_out
from askcv_agents.staging.repository.items import Filter
from askcv_agents.staging.repository.rows import Row

STATES = ("pending", "approved", "rejected")
VERDICTS: dict[str, Literal["approved", "rejected"]] = {"approve": "approved", "reject": "rejected"}
MAX_SELECTED = 1_000
MOST_COUNTED = 10_000

router = APIRouter(include_in_schema=False)


@router.get("/")
def root() -> RedirectResponse:
    return RedirectResponse("/inbox", status_code=303)


@router.get("/inbox/open")
def open_inbox(request: Request, key: str = "") -> Response:
    """Uses up a one-time link: the browser is signed in to one tenant's inbox."""
    session = request.app.state.backend.principals.open_link(key)
    if session is None:
        raise signed_out("This link was used already, or has expired.")
    response = RedirectResponse("/inbox", status_code=303)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, session, httponly=True, samesite="lax", secure=secure, path="/")
    return response


@router.get("/inbox")
def inbox(request: Request, tenant: SignedIn) -> Response:
    """One page of the items that the address filters."""
    desk: Desk = request.app.state.backend.desk
    query = request.query_params
    chosen = _filter(query)
    after, before = _place(query.get("after")), _place(query.get("before"))
    found = desk.page(tenant["id"], chosen, after, before)
    if not found.rows and (after or before):  # the last page was reviewed: there are others
        found = desk.page(tenant["id"], chosen)
    return render(
        "inbox.html",
        tenant=tenant["name"],
        here="inbox",
        cards=[card(row, found.nearest.get(row["id"])) for row in found.rows],
        filter=chosen,
        by_state={s: sum(n for (state, _), n in found.counts.items() if state == s) for s in STATES},
        by_domain={d: n for d in DOMAINS if (n := found.counts.get((chosen.status, d)))},
        documents=found.documents,
        matching=_matching(desk, tenant["id"], chosen, found),
        label=named,
        link=lambda **change: "/inbox?" + urlencode({k: v for k, v in (_query(chosen) | change).items() if v}),
        here_query=urlencode(_query(chosen) | {k: query[k] for k in ("after", "before") if k in query}),
        page=found,
        done=_done(desk, tenant["id"], query.get("done", "")),
        going=[_said(row) for row in found.going if row["id"] != query.get("done")],
    )


class ReviewForm(BaseModel):
    """Approve or reject one item (``only`` is "verdict:id"), the selected ones (``verdict``), or all that the filter of
    the page lets through and that were there when it was shown (``everything``)."""

    item: list[str] = Field([], max_length=MAX_SELECTED)
    verdict: str = ""
    only: str = ""
    everything: str = ""
    until: str = ""
    back: str = ""


@router.post("/inbox/review", dependencies=[Depends(own_form)])
def review(request: Request, tenant: SignedIn, form: Annotated[ReviewForm, Form()]) -> Response:
    """Approves or rejects what the form names."""
    desk: Desk = request.app.state.backend.desk
    chosen, _, single = form.only.partition(":")
    verdict = VERDICTS.get(chosen or form.everything or form.verdict)
    if verdict is None:
        raise PageRefusal(400, "Not understood", "Choose approve or reject.")
    shown = dict(parse_qsl(form.back.removeprefix("?")))
    if form.everything and not single:
        done = desk.review_all(tenant["id"], _filter(shown), _place(form.until) or 0, verdict)
    else:
        done = desk.review(tenant["id"], [single] if single else form.item, verdict)
    return _back(shown, done.id or "none")


@router.post("/inbox/undo", dependencies=[Depends(own_form)])
def undo(
    request: Request, tenant: SignedIn, review_id: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
) -> Response:
    """Takes a verdict back."""
    request.app.state.backend.desk.undo(tenant["id"], review_id)
    return _back(dict(parse_qsl(back.removeprefix("?"))), review_id)


@router.post("/inbox/sign-out", dependencies=[Depends(own_form)])
def sign_out(request: Request, _: SignedIn) -> Response:
    """Ends the session of this browser."""
    request.app.state.backend.principals.sign_out(request.cookies[COOKIE])
    answer = render("message.html", title="Signed out", text="To come back, make a one-time link with “askcv inbox”.")
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _filter(query: Mapping[str, str]) -> Filter:
    status, domain = query.get("status", ""), query.get("domain", "")
    return Filter(
        status=status if status in STATES else "pending",
        domain=domain if domain in DOMAINS else None,
        document=query.get("document", "").replace("\x00", "") or None,
        batch=query.get("batch", "").replace("\x00", "") or None,
    )


def _query(chosen: Filter) -> dict[str, str]:
    given = {"domain": chosen.domain, "document": chosen.document, "batch": chosen.batch}
    return {"status": chosen.status} | {name: value for name, value in given.items() if value}


def _place(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 16 else None


def _back(shown: Mapping[str, str], done: str) -> RedirectResponse:
    """To the page that was shown: only what it can be made of is taken from the form."""
    places = {name: value for name in ("after", "before") if _place(value := shown.get(name, ""))}
    return RedirectResponse(f"/inbox?{urlencode(_query(_filter(shown)) | places | {'done': done})}", status_code=303)


def _matching(desk: Desk, tenant_id: str, chosen: Filter, found: InboxPage) -> str:
    """How many items the filter lets through, in words."""
    if chosen.document or chosen.batch:
        n = desk.count(tenant_id, chosen, MOST_COUNTED + 1)
        return f"more than {MOST_COUNTED:,}" if n > MOST_COUNTED else f"{n:,}"
    return f"{sum(n for (s, d), n in found.counts.items() if s == chosen.status and chosen.domain in {None, d}):,}"


def _done(desk: Desk, tenant_id: str, review_id: str) -> dict[str, Any] | None:
    """What the page says of the verdict that led to it."""
    if not review_id:
        return None
    found = desk.verdict(tenant_id, review_id)
    return {"text": "Nothing was changed.", "undo": "", "id": "", "going": False} if found is None else _said(found)


def _said(verdict: Row) -> dict[str, Any]:
    """How far a verdict is, in words."""
    undone, going = verdict["undone_at"] is not None, verdict["going"] is not None
    count = verdict["restored"] if undone else verdict["items"]
    said = f"{count:,} {'item' if count == 1 else 'items'} {'pending again' if undone else verdict['verdict']}"
    text = f"{said} so far; the others follow." if going else f"{said}."
    return {"text": text, "undo": "" if undone else verdict["id"], "id": verdict["id"], "going": going}
