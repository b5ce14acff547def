"""``askcv doctor``: the staging backend agrees; one that deviates is told apart, and corrected by an overlay."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result

from askcv_agents import wire
from askcv_agents.cli import cli
from askcv_agents.client import Client
from askcv_agents.config import Settings, Token
from askcv_agents.doctor import Examination, Finding, examine, probe
from askcv_agents.errors import ConfigError, Unauthorized
from askcv_agents.overlay import Overlay
from askcv_agents.staging.app import Backend
from tests.conftest import Staging, browser_of
from tests.contract.desks import Maya, skill

PATHS = {"/api/agent/me": "/api/agent/profile", "/api/agent/imports/": "/api/agent/import/"}
NAMES = {"tenantId": "tenant_id", "hasMore": "more", "batchId": "batch_id", "itemId": "item", "message": "detail"}
PAYLOAD = {"yearsOfExperience": "years_of_experience"}
DOMAINS = {"awards": "a_wards"}
NONE = Overlay()


@dataclass
class Deviating:
    """The staging backend behind somebody who names things otherwise, and forgets a header."""

    backend: Backend
    renamed: bool = True
    described: bool = True
    echoes: str = ""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        http = browser_of(self.backend)
        if self.renamed:
            if path in PATHS.values() or path.startswith("/api/agent/import/"):
                return httpx2.Response(404, json={"detail": "Not Found"})
            path = next((ours + path[len(theirs) :] for theirs, ours in PATHS.items() if path.startswith(theirs)), path)
            path = "/".join({v: k for k, v in DOMAINS.items()}.get(part, part) for part in path.split("/"))
        if path == "/openapi.json" and not self.described:
            return httpx2.Response(404)
        body = self._in(json.loads(request.content)) if request.content and self.renamed else None
        sent = json.dumps(body).encode() if body is not None else request.content
        with http:
            answer = http.request(request.method, path, params=dict(request.url.params), content=sent, headers=headers)
        content = answer.content
        if self.renamed and answer.headers.get("content-type", "").startswith("application/json"):
            content = json.dumps(self._out(answer.json(), path)).encode()
        kept = {"content-type": answer.headers.get("content-type", ""), "x-request-id": "r"}
        return httpx2.Response(answer.status_code, content=content, headers=kept)

    def _in(self, value: Any) -> Any:
        for item in value.get("items", ()):
            assert item["domain"] not in DOMAINS, "the contract's name came"
            item["domain"] = {v: k for k, v in DOMAINS.items()}.get(item["domain"], item["domain"])
        return value

    def _out(self, value: Any, path: str) -> Any:
        if path == "/openapi.json":
            described = json.dumps(value).replace('"/api/agent/profile"', '"/api/agent/me"')
            return json.loads(described.replace('"/api/agent/import/{batch_id}"', '"/api/agent/imports/{id}"'))
        if isinstance(value, list):
            return [self._out(each, path) for each in value]
        if not isinstance(value, dict):
            return DOMAINS.get(value, value) if isinstance(value, str) else value
        names = NAMES | PAYLOAD | DOMAINS
        return {names.get(name, name): self._out(each, path) for name, each in value.items()}


@pytest.fixture
def maya(backend: Backend) -> Maya:
    maya = Maya.at(backend)
    item = skill("Go")
    item["payload"]["yearsOfExperience"] = 3
    ids = maya.propose(item, {"domain": "awards", "payload": {"title": "Prize"}})
    backend.desk.review(maya.tenant_id, ids, "approved")
    return maya


def token_of(maya: Maya, kind: str = "agent", scopes: list[str] | None = None) -> Token:
    return Token(maya.backend.principals.create_token("Maya", kind, scopes))


def examined(
    service: Deviating, token: Token, overlay: Overlay = NONE, *, write: bool = False, mcp: Token | None = None
) -> tuple[list[Finding], Overlay]:
    exam = Examination(token, overlay)
    settings = Settings(token=token, base_url="http://127.0.0.1:1")
    with Client(settings, transport=httpx2.MockTransport(service)) as client:
        findings = list(client.stream(examine(exam, mcp)))
        if write:
            findings += client.stream(probe(exam))
    return findings, exam.overlay


def differing(findings: list[Finding]) -> set[str]:
    return {found.what for found in findings if found.state == "differs"}


def test_what_deviates_is_told_and_an_overlay_corrects_it(maya: Maya) -> None:
    service = Deviating(maya.backend)
    findings, overlay = examined(service, token_of(maya), write=True)
    said = {(found.what, found.found) for found in findings if found.state == "differs"}
    assert ("GET /api/agent/profile is there", "it is at /api/agent/me") in said
    assert ("awards is a domain", "it is named a_wards") in said
    assert ("skills has yearsOfExperience", "it is named years_of_experience") in said
    assert overlay.paths == {"profile": "/api/agent/me", "status": "/api/agent/imports/{batch_id}"}
    assert overlay.domains == DOMAINS
    assert overlay.payload == {"skills": PAYLOAD}
    names = {ours: theirs for part in overlay.names.values() for ours, theirs in part.items()}
    assert names == NAMES
    assert overlay.names["export"] == {"hasMore": "more"}

    findings, again = examined(service, token_of(maya), overlay, write=True)
    assert {what.partition(": ")[2] for what in differing(findings)} == {"the header WWW-Authenticate"}
    assert again == overlay


def test_a_client_with_the_overlay_speaks_to_the_service_that_deviates(maya: Maya, tmp_path: Path) -> None:
    service = Deviating(maya.backend)
    _, overlay = examined(service, token_of(maya), write=True)
    (tmp_path / "overlay.toml").write_text(overlay.to_toml())
    assert Overlay.load(tmp_path / "overlay.toml") == overlay
    settings = Settings(token=token_of(maya), base_url="http://127.0.0.1:1", overlay=tmp_path / "overlay.toml")
    with Client(settings, transport=httpx2.MockTransport(service)) as client:
        assert client.profile().tenant_id == maya.tenant_id
        assert client.profile().domains["awards"].count == 1
        assert [item.payload for item in client.export("awards")] == [{"title": "Prize"}]
        assert [item.payload for item in client.export("skills")] == [{"name": "Go", "yearsOfExperience": 3}]
        (receipt,) = client.import_items([{"domain": "awards", "payload": {"title": "Medal"}}])
        assert [item.domain for item in client.import_status(receipt.batch_id).items] == ["awards"]


def test_without_a_description_a_path_that_is_elsewhere_is_not_guessed(maya: Maya) -> None:
    findings, overlay = examined(Deviating(maya.backend, described=False), token_of(maya))
    assert "GET /api/agent/profile is there" in differing(findings)
    assert overlay.paths == {}


def test_reading_changes_nothing_and_the_probe_stages_one_item(maya: Maya) -> None:
    service = Deviating(maya.backend, renamed=False)
    before = maya.counts()
    findings, overlay = examined(service, token_of(maya), mcp=token_of(maya, "mcp"))
    assert maya.counts() == before
    calls = ("GET /api/agent/profile, unauthorized", "POST /api/mcp, unauthorized", "POST /api/mcp, insufficient_scope")
    assert differing(findings) == {f"{call}: the header WWW-Authenticate" for call in calls}
    assert overlay == Overlay()
    assert {f"the tool {name}" for name in wire.MCP_TOOLS} <= {f.what for f in findings if f.state == "agrees"}
    examined(service, token_of(maya), write=True)
    assert maya.counts() == {**before, "pending": 1}


def test_a_token_without_a_scope_is_seen_to_be_refused(maya: Maya) -> None:
    findings, _ = examined(Deviating(maya.backend, renamed=False), token_of(maya, scopes=[wire.WRITE]))
    assert ("GET /api/agent/export/skills, insufficient_scope: 403", "agrees") in {(f.what, f.state) for f in findings}
    assert not any(found.what.endswith("export/awards answers 200") for found in findings)


def test_a_reached_limit_is_looked_at_and_not_waited_for(maya: Maya) -> None:
    service, token = Deviating(maya.backend, renamed=False), token_of(maya)
    for _ in range(wire.LIMITS["profile"].requests):
        assert maya.http.get(wire.PROFILE_PATH).status_code == 200
    findings, _ = examined(service, token)
    assert ("429 says retryAfterMs", "agrees") in {(f.what, f.state) for f in findings}
    assert ("429 has the header Retry-After", "differs") in {(f.what, f.state) for f in findings}  # it forgets headers


def test_a_token_that_is_unknown_ends_it(maya: Maya) -> None:
    with pytest.raises(Unauthorized):
        examined(Deviating(maya.backend, renamed=False), Token("askcv_agt_nobody"))


def test_a_token_that_the_service_says_again_is_not_shown(maya: Maya) -> None:
    token = token_of(maya)

    def echo(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(404, json={"error": f"no {token.value}\x1b[2J", "message": "x"})

    exam = Examination(token, Overlay())
    with Client(Settings(token=token, base_url="http://127.0.0.1:1"), transport=httpx2.MockTransport(echo)) as client:
        findings = list(client.stream(examine(exam)))
    assert any("(the token)" in found.found for found in findings)
    assert token.value not in repr(findings)
    assert "\x1b" not in "".join(found.found for found in findings)


# -- the overlay file --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[paths]\nprofile = 'https://elsewhere/x'", "is no path"),
        ("[paths]\nprofile = '//elsewhere/x'", "is no path"),
        ("[paths]\nprofile = '/x/{id}'", "must have the parameters"),
        ("[paths]\nstatus = '/x'", "must have the parameters"),
        ("[paths]\nother = '/x'", "unknown paths.other"),
        ("[domains]\nhobbies = 'x'", "unknown domains.hobbies"),
        ("[names.profile]\na = 'x'\nb = 'x'", "gives two names the same one"),
        ("[names.other]\na = 'x'", "unknown names.other"),
        ("[payload.skills]\nname = 1", "must be a table of names"),
        ("[more]", "unknown section"),
        ("names = 1", "must be a table of tables"),
        ("not toml", "cannot be read"),
    ],
)
def test_an_overlay_that_cannot_be_is_refused_with_its_reason(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "o.toml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        Overlay.load(tmp_path / "o.toml")


# -- the command -------------------------------------------------------------------------------------------------------


def doctor(staging: Staging, *arguments: str, stdin: str = "", **more: str) -> Result:
    environment = {
        "ASKCV_BASE_URL": staging.base_url,
        "ASKCV_TOKEN": staging.tokens.setdefault("maya", staging.token()),
        "ASKCV_MCP_TOKEN": staging.token(kind="mcp"),
        "ASKCV_STATE_DIR": str(staging.state_dir),
    }
    return CliRunner().invoke(cli, ["doctor", *arguments], env=environment | more, input=stdin)


def test_the_staging_backend_agrees_with_the_contract(staging: Staging, tmp_path: Path) -> None:
    target = tmp_path / "overlay.toml"
    done = doctor(staging, "--write-probe", "--yes", "--json", "--overlay", str(target))
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert [found for found in told["findings"] if found["state"] == "differs"] == []
    assert [found["what"] for found in told["findings"] if found["state"] == "not checked"] == ["429 past the limits"]
    assert told["counts"]["agrees"] > 60
    assert Overlay.load(target) == Overlay()


def test_what_differs_is_said_with_exit_code_3_and_no_secret(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "o.toml").write_text("[paths]\nprofile = '/nowhere'\n")
    done = doctor(staging, ASKCV_OVERLAY=str(tmp_path / "o.toml"))
    assert done.exit_code == 3
    assert "it is at /api/agent/profile" in done.output
    assert "differs" in done.output
    assert staging.tokens["maya"] not in done.output


def test_the_write_probe_asks_first(staging: Staging) -> None:
    done = doctor(staging, "--write-probe", stdin="n\n")
    assert done.exit_code == 1
    assert "asks to be rejected" in done.output
    assert "agree," not in done.output
    assert staging.approve_all() == 0
