"""Tokens on the settings page and on the command line: shown once, known by a hint, revoked for good."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from askcv_agents import wire
from askcv_agents.cli import cli
from askcv_agents.staging.app import Backend
from askcv_agents.staging.principals import mistyped
from tests.conftest import Clock, browser_of
from tests.contract.desks import Maya


def opens(backend: Backend, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return browser_of(backend).get(wire.PROFILE_PATH, headers=headers).status_code == 200


def test_a_token_made_on_the_page_is_shown_once_and_works(backend: Backend) -> None:
    maya = Maya.at(backend)
    text = maya.post("/settings/tokens", kind="agent", name="laptop", scope=["agent:read"]).text
    token = re.search(r"askcv_agt_[\w-]{46}", text)[0]
    assert opens(backend, token)
    later = maya.http.get("/settings").text
    assert token not in later
    assert "laptop" in later
    assert token[:14] in later


@pytest.mark.parametrize("form", [{"kind": "root"}, {"kind": "agent", "scope": "everything"}, {}])
def test_types_and_scopes_that_do_not_exist_are_refused(backend: Backend, form: dict[str, str]) -> None:
    assert Maya.at(backend).post("/settings/tokens", **form).status_code == 400


def test_a_revoked_token_opens_nothing_and_only_its_tenant_can_revoke_it(backend: Backend) -> None:
    maya, jonas = Maya.at(backend), Maya.at(backend, "Jonas")
    token = backend.principals.create_token("Maya", "agent")
    (token_id,) = [row["id"] for row in backend.principals.tokens() if token.startswith(row["hint"])]
    assert jonas.post(f"/settings/tokens/{token_id}/revoke").status_code == 404
    assert opens(backend, token)
    assert maya.post(f"/settings/tokens/{token_id}/revoke").status_code == 200
    assert not opens(backend, token)
    assert maya.post(f"/settings/tokens/{token_id}/revoke").status_code == 404


def test_the_last_use_is_known_to_the_minute(backend: Backend, clock: Clock) -> None:
    token = backend.principals.create_token("Maya", "agent")
    assert backend.principals.tokens()[0]["last_used_at"] is None
    for wait in (0, 30, 40):
        clock.now += wait
        opens(backend, token)
    assert backend.principals.tokens()[0]["last_used_at"] == int(clock.now * 1000)


def test_a_mistyped_token_is_known_by_its_checksum_and_an_older_one_without_is_not_refused(backend: Backend) -> None:
    token = backend.principals.create_token("Maya", "agent")
    assert not mistyped(token)
    assert mistyped(token[:-1] + ("A" if token[-1] != "A" else "B"))
    assert mistyped(token[:20] + ("A" if token[20] != "A" else "B") + token[21:])
    assert not mistyped("askcv_agt_" + "x" * 40)


def run(database: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, [*arguments, "--database", str(database)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_tokens_are_listed_and_revoked_on_the_command_line(tmp_path: Path) -> None:
    database = tmp_path / "s.db"
    token = run(database, "token", "create", "--tenant", "Maya", "--name", "ci").strip()
    run(database, "token", "create", "--tenant", "Jonas", "--type", "mcp")
    listed = json.loads(run(database, "token", "list", "--tenant", "Maya", "--json"))
    assert [(row["name"], row["hint"], row["scopes"]) for row in listed] == [
        ("ci", token[:14], ["agent:read", "agent:write", "agent:query"])
    ]
    assert token not in run(database, "token", "list")
    run(database, "token", "revoke", listed[0]["id"])
    assert "revoked" in run(database, "token", "list")
