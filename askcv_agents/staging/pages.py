"""What all pages share: templates, who is signed in, and the rule that a form comes from here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from askcv_agents.staging.origin import same_origin
from askcv_agents.staging.repository.rows import Row

COOKIE = "askcv_session"

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class PageRefusal(Exception):
    """A page request that ends with a message."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.status, self.title, self.text = status, title, text


def install(app: FastAPI) -> None:
    """Shows refusals as pages."""
    handler: Any = _refused
    app.add_exception_handler(PageRefusal, handler)


def render(template: str, status_code: int = 200, /, **values: Any) -> HTMLResponse:
    """A page of a template; ``tenant`` and ``here`` (which part of the site) are for its head."""
    given = {"tenant": None, "here": "", "keys": False, **values}
    return HTMLResponse(_templates.get_template(template).render(**given), status_code=status_code)


def signed_out(why: str) -> PageRefusal:
    return PageRefusal(403, "The inbox is closed", f"{why} Make a new one-time link with “askcv inbox” and open it.")


def _signed_in(request: Request) -> Row:
    tenant: Row | None = request.app.state.backend.principals.session_tenant(request.cookies.get(COOKIE, ""))
    if tenant is None:
        raise signed_out("Nobody is signed in here.")
    return tenant


def own_form(request: Request) -> None:
    """Every route that changes something for a signed-in browser depends on this."""
    if not same_origin(request):
        raise PageRefusal(403, "Refused", "That form did not come from this page.")


SignedIn = Annotated[Any, Depends(_signed_in)]
"""The row of the tenant whose browser it is."""


def _refused(_: Request, refusal: PageRefusal) -> HTMLResponse:
    return render("message.html", refusal.status, title=refusal.title, text=refusal.text)
