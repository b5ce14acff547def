"""One item of the inbox: all that is known of it, and the form that corrects it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from askcv_agents.domains import LONG_TEXT
from askcv_agents.staging.cards import card, named, schema_of
from askcv_agents.staging.desk import Desk, version_of
from askcv_agents.staging.history import told
from askcv_agents.staging.pages import PageRefusal, SignedIn, own_form, render
from askcv_agents.staging.repository.rows import Row

router = APIRouter(include_in_schema=False)


@router.get("/inbox/items/{item_id}")
def shown(request: Request, tenant: SignedIn, item_id: str) -> Response:
    """The item, its evidence and history, and the form."""
    desk: Desk = request.app.state.backend.desk
    return _page(desk, tenant, _found(desk, tenant, item_id), {}, None)


async def _form(request: Request) -> dict[str, str]:
    given = await request.form(max_fields=60, max_files=0)
    return {name: value for name, value in given.items() if isinstance(value, str)}


@router.post("/inbox/items/{item_id}", dependencies=[Depends(own_form)])
def corrected(
    request: Request, tenant: SignedIn, item_id: str, form: Annotated[dict[str, str], Depends(_form)]
) -> Response:
    """Saves a correction, and approves the item where that was asked for."""
    desk: Desk = request.app.state.backend.desk
    row = _found(desk, tenant, item_id)
    version = form.get("version", "")
    issues = desk.edit(tenant["id"], item_id, payload_of(row["domain"], form), int(version) if version.isdigit() else 0)
    if issues is None:
        raise PageRefusal(409, "Not saved", "The item was changed or reviewed meanwhile. Open it again.")
    if issues:
        return _page(desk, tenant, row, {issue.path.partition(".")[0]: _said(issue.message) for issue in issues}, form)
    if form.get("then") == "approve":
        done = desk.review(tenant["id"], [item_id], "approved")
        return RedirectResponse(f"/inbox?done={done.id}", status_code=303)
    return RedirectResponse(f"/inbox/items/{item_id}?saved=1", status_code=303)


def _found(desk: Desk, tenant: Row, item_id: str) -> Row:
    row = desk.item(tenant["id"], item_id)
    if row is None:
        raise PageRefusal(404, "No such item", "It may be another person's, or never was.")
    return row


def _page(desk: Desk, tenant: Row, row: Row, issues: dict[str, str], given: dict[str, str] | None) -> Response:
    return render(
        "item.html",
        422 if issues else 200,
        tenant=tenant["name"],
        here="inbox",
        card=card(row, desk.near(row)),
        inputs=[{**found, "issue": issues.get(found["name"], "")} for found in _inputs(row, given)],
        other_issues=[text for name, text in issues.items() if name not in _properties(row["domain"])],
        version=version_of(row),
        history=told(row, desk.history(row["id"])),
    )


def _said(message: str) -> str:
    """A validator's message as a sentence for the person who typed."""
    text = (
        message.removeprefix("Value error, ").replace("String should", "It should").replace("Input should", "It should")
    )
    return f"{text[:1].upper()}{text[1:]}."


# -- the form ----------------------------------------------------------------------------------------------------------


def _properties(domain: str) -> dict[str, dict[str, Any]]:
    """The fields of a domain by wire name; an optional one is described by what it is where it is given."""
    schema = schema_of(domain)
    found = {}
    for name, described in schema["properties"].items():
        choices = [each for each in described.get("anyOf", [described]) if each.get("type") != "null"]
        found[name] = {**described, **choices[0], "required": name in schema.get("required", ())}
    return found


def _inputs(row: Row, given: dict[str, str] | None) -> list[dict[str, Any]]:
    inputs = []
    for name, schema in _properties(row["domain"]).items():
        value = row["payload"].get(name, "")
        if schema["type"] == "array":
            value = "\n".join(value)
        elif schema["type"] == "boolean":
            value = {True: "yes", False: "no"}.get(value, "")
        kind = "text"
        if choices := schema.get("enum") or (["yes", "no"] if schema["type"] == "boolean" else None):
            kind = "choice"
        elif schema["type"] == "array" or schema.get("maxLength", 0) >= LONG_TEXT:
            kind = "long"
        hints = {"array": "one a line", "number": "a number"}
        inputs.append(
            {
                "name": name,
                "label": named(name),
                "kind": kind,
                "choices": [(choice, named(choice)) for choice in choices or ()],
                "required": schema["required"],
                "hint": hints.get(schema["type"], "YYYY, YYYY-MM or YYYY-MM-DD" if "pattern" in schema else ""),
                "value": value if given is None else given.get(name, ""),
            }
        )
    return inputs


def payload_of(domain: str, form: dict[str, str]) -> dict[str, Any]:
    """The payload that a form describes; what is left empty is left out, and what is no number is left to the model."""
    payload: dict[str, Any] = {}
    for name, schema in _properties(domain).items():
        text = form.get(name, "").replace("\r\n", "\n").strip()
        if not text:
            continue
        match schema["type"]:
            case "array":
                payload[name] = [line.strip() for line in text.splitlines() if line.strip()]
            case "boolean":
                payload[name] = {"yes": True, "no": False}.get(text, text)
            case "number":
                payload[name] = _number(text)
            case _:
                payload[name] = text
    return payload


def _number(text: str) -> float | str:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
