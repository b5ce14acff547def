"""How a service is asked, and how its answers are compared: operations that emit what they find.

Names and paths that are found in the place of the contract's are used from there on, so that one renamed field does not
hide what lies behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from askcv_agents import wire
from askcv_agents.config import Token
from askcv_agents.doctor.findings import Basis, Finding, State
from askcv_agents.doctor.paths import candidate
from askcv_agents.doctor.shapes import differences
from askcv_agents.errors import ConnectionFailed
from askcv_agents.exchange import Answer, Emit, Operation, Request, Send, TransportFault
from askcv_agents.overlay import PATHS, Overlay, endpoint_of

T = TypeVar("T")
Step = Operation[Finding, T]

LONGEST = 200
NOBODY = "Bearer askcv_agt_this-is-no-token"


@dataclass
class Examination:
    """One service's examination so far: what the token is, and the names and paths that were found."""

    token: Token
    overlay: Overlay
    scopes: tuple[str, ...] | None = None
    described: dict[str, Any] | None = None
    """The service's own OpenAPI description, where it has one."""
    request_ids: bool = True
    limited_once: bool = False

    # -- asking --------------------------------------------------------------------------------------------------------

    def ask(self, request: Request) -> Step[Answer]:
        """The answer to a request of the contract, in the contract's words.

        Raises:
            ConnectionFailed: there was none.
        """
        answer = yield from self.ask_as_it_is(self.overlay.request(request))
        self.request_ids = self.request_ids and answer.request_id is not None
        return answer

    def ask_as_it_is(self, request: Request) -> Step[Answer]:
        try:
            answer = yield Send(request)
        except TransportFault as fault:
            raise ConnectionFailed(
                f"{request.method} {request.path}: no answer from the service ({fault.reason})",
                "Check the base address and that the service is up.",
                retryable=True,
            ) from fault
        assert answer is not None, "a driver answers every Send"  # noqa: S101
        return answer

    def say(self, area: str, what: str, state: State | bool, found: str = "", basis: Basis = "assumed") -> Step[None]:
        named: State = state if isinstance(state, str) else "agrees" if state else "differs"
        yield Emit(Finding(area, self._safe(what), named, basis, "" if named == "agrees" else self._safe(found)))

    def _safe(self, text: str) -> str:
        """What a service said, as it can be shown: it may say anything, the token too."""
        return "".join(c if c.isprintable() else "?" for c in text.replace(self.token.value, "(the token)"))[:LONGEST]

    # -- what comes back -----------------------------------------------------------------------------------------------

    def answered(self, area: str, request: Request, answer: Answer, model: type[Any], status: int) -> Step[bool]:
        """Says whether an answer has its status and shape; True where it can be read."""
        what = f"{_named(request)} answers {status}"
        if answer.status == 429:
            yield from self.say(area, what, "not checked", "the rate limit is reached")
            yield from self.limited(area, request, answer)
            return False
        yield from self.say(area, what, answer.status == status, f"{answer.status}", "documented")
        if answer.status != status:
            return False
        return (yield from self.shaped(area, request, answer, model))

    def shaped(self, area: str, request: Request, answer: Answer, model: type[Any]) -> Step[bool]:
        """Compares a body with its model, with the names that are found on the way in their places."""
        kind = "error" if model is wire.ErrorAnswer else area
        what = f"the body of {_named(request)}"
        agrees = True
        while True:
            content = self.overlay.answer(request, answer).json_object()
            if content is None:
                yield from self.say(area, what, False, "no JSON object")
                return False
            found = list(differences(model, content))
            renamed = {each.name: each for each in found if each.instead}
            held = self.overlay.names.get(kind, {})
            if not renamed or renamed.keys() <= held.keys():
                break
            for name, each in renamed.items():
                yield from self.say(area, f"{what} has {each.at}", False, f"it is named {each.instead}")
                self.overlay = self.overlay.with_name("names", name, str(each.instead), kind)
            agrees = False
        for each in found:
            yield from self.say(area, f"{what} has {each.at}", False, each.said)
        if agrees and not found:
            yield from self.say(area, what, True)
        return not found

    def refused(self, area: str, request: Request, answer: Answer, status: int, code: str) -> Step[None]:
        """Says whether a refusal has its status, its code and its headers."""
        what = f"{_named(request)}, {code}"
        if answer.status == 429:
            yield from self.limited(area, request, answer)
            return
        yield from self.say(area, f"{what}: {status}", answer.status == status, f"{answer.status}")
        if answer.status != status:
            return
        if (yield from self.shaped(area, request, answer, wire.ErrorAnswer)):
            said = (self.overlay.answer(request, answer).json_object() or {}).get("error")
            yield from self.say(area, f"{what}: the code", said == code, f"{said}")
        if status in {401, 403}:
            challenged = "www-authenticate" in answer.headers
            yield from self.say(area, f"{what}: the header WWW-Authenticate", challenged, "missing")

    def limited(self, area: str, request: Request, answer: Answer) -> Step[None]:
        """A limit was reached on the way: it says when to come back."""
        self.limited_once = True
        content = self.overlay.answer(request, answer).json_object() or {}
        wait = content.get("retryAfterMs")
        fine = isinstance(wait, int | float) and not isinstance(wait, bool) and wait >= 0
        yield from self.say(area, "429 says retryAfterMs", fine, f"{wait!r}"[:40], "documented")
        yield from self.say(area, "429 has the header Retry-After", "retry-after" in answer.headers, "missing")

    # -- paths ---------------------------------------------------------------------------------------------------------

    def elsewhere(self, endpoint: str, method: str) -> Step[bool]:
        """Looks in the service's own description for a path that is not where the contract has it."""
        if self.described is None:
            answer = yield from self.ask_as_it_is(Request("GET", "/openapi.json", headers={"Authorization": ""}))
            self.described = (answer.json_object() or {}) if answer.status == 200 else {}
        found = candidate(self.described, endpoint, method)
        what = f"{method} {PATHS[endpoint]} is there"
        if found is None:
            why = "no description of the service names another" if self.described else "it describes itself nowhere"
            yield from self.say(endpoint, what, False, f"not found, and {why}", "documented")
            return False
        yield from self.say(endpoint, what, False, f"it is at {found}", "documented")
        self.overlay = self.overlay.with_name("paths", endpoint, found)
        return True


def _named(request: Request) -> str:
    """A request as it is named in findings: without ids of anybody's."""
    found = endpoint_of(request.path)
    return f"{request.method} {wire.STATUS_PATH if found and found[0] == 'status' else request.path}"
