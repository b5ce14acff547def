"""The review inbox as web pages: they work without JavaScript, and every change is a form of this origin."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from askcv_agents.domains import DOMAINS
from askcv_agents.staging.pages import COOKIE, PageRefusal, SignedIn, own_form, render, signed_out
from askcv_agents.staging.service import PAGE_ITEMS, timestamp

STATES = ("pending", "approved", "rejected")
MAX_SELECTED = 1_000

router = APIRouter(include_in_schema=False)


def _label(name: str) -> str:
    return name.replace("_", " ")


def _words(name: str) -> str:
    """A wire name as words: ``occurredOn`` → ``occurred on``."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)


def _folded(value: Any) -> str:
    return " ".join(str(value).split())


def _card(row: Any) -> dict[str, Any]:
    """What the page shows of an item: its label as title, and every other field by name."""
    domain = DOMAINS[row["domain"]]
    label = domain.model.model_fields[domain.label].alias or domain.label
    title = row["payload"].get(label, "")
    evidence = {"document": "", "locator": "", "note": "", **row["evidence"]} if row["evidence"] else None
    shown = {_folded(title), _folded(evidence["quote"]) if evidence else ""}  # nothing is said twice on a card
    fields = [
        (_words(name), value) for name, value in row["payload"].items() if name != label and _folded(value) not in shown
    ]
    return {
        "id": row["id"],
        "domain": _label(row["domain"]),
        "title": title,
        "fields": fields,
        "evidence": evidence,
        "status": row["status"],
        "when": timestamp(row["reviewed_at"] or row["created_at"]),
    }


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
def inbox(
    request: Request, tenant: SignedIn, status: str = "pending", domain: str = "", page: str = "1", done: str = ""
) -> Response:
    """One page of the items in one state."""
    backend = request.app.state.backend
    status = status if status in STATES else "pending"
    chosen = domain if domain in DOMAINS else None
    number = min(max(1, int(page)), 1_000_000) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    rows, counts = backend.service.inbox(tenant["id"], status, chosen, number)
    by_state = {s: sum(n for (state, _), n in counts.items() if state == s) for s in STATES}
    by_domain = {d: counts[status, d] for d in DOMAINS if counts.get((status, d))}
    total = by_domain.get(chosen, 0) if chosen else by_state[status]
    return render(
        "inbox.html",
        tenant=tenant["name"],
        cards=[_card(row) for row in rows],
        status=status,
        domain=chosen,
        by_state=by_state,
        by_domain=by_domain,
        label=_label,
        page=number,
        last_page=max(1, -(-total // PAGE_ITEMS)),
        link=lambda **change: "/inbox?" + urlencode({"status": status, "domain": chosen or "", **change}),
        done=done if done.isdigit() else "",
    )


@router.post("/inbox/review", dependencies=[Depends(own_form)])
def review(
    request: Request,
    tenant: SignedIn,
    item: Annotated[list[str], Form()] = [],  # noqa: B006 - read by the framework, never changed
    verdict: Annotated[str, Form()] = "",
    only: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Approves or rejects one item (``only`` is "verdict:id") or the selected ones."""
    backend = request.app.state.backend
    if only:
        verdict, _, single = only.partition(":")
        item = [single]
    verdicts = {"approve": "approved", "reject": "rejected"}
    if verdict not in verdicts or len(item) > MAX_SELECTED:
        raise PageRefusal(400, "Not understood", "Choose approve or reject.")
    changed = backend.service.review(tenant["id"], item, verdicts[verdict])
    query = back if back.startswith("?") else "?"
    return RedirectResponse(f"/inbox{query}&done={changed}", status_code=303)


@router.post("/inbox/sign-out", dependencies=[Depends(own_form)])
def sign_out(request: Request, _: SignedIn) -> Response:
    """Ends the session of this browser."""
    request.app.state.backend.principals.sign_out(request.cookies[COOKIE])
    answer = render("message.html", title="Signed out", text="To come back, make a one-time link with “askcv inbox”.")
    answer.delete_cookie(COOKIE, path="/")
    return answer
