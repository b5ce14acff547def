"""The control plane: off unless asked for, and then reset, seed, clock, faults and recorded requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from askcv_agents import wire
from askcv_agents.staging.app import Backend, StagingConfig
from askcv_agents.staging.control import Control, ShiftedClock
from tests.conftest import Clock, browser_of, running
from tests.contract.desks import skill

ROUTES = [("POST", "reset"), ("POST", "seed"), ("POST", "clock"), ("POST", "jobs"), ("POST", "faults"),
          ("DELETE", "faults"), ("GET", "requests")]  # fmt: skip


@dataclass
class Controlled:
    http: httpx2.Client
    agent: dict[str, str]

    def control(self, method: str, name: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"/control/{name}", json=body, headers={"Authorization": "Bearer control"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, name: str = "Go") -> httpx2.Response:
        return self.http.post(wire.IMPORT_PATH, json={"items": [skill(name)]}, headers=self.agent)


@pytest.fixture
def controlled(database_url: str, clock: Clock) -> Iterator[Controlled]:
    shifted = ShiftedClock(clock)
    backend = Backend.open(StagingConfig(database_url, now=shifted))
    with running(backend, shifted, Control("control", shifted)) as base_url, httpx2.Client(base_url=base_url) as http:
        made = Controlled(http, {})
        seeded = made.control("POST", "seed", {"tenant": "Maya"})
        made.agent = {"Authorization": f"Bearer {seeded['token']}"}
        yield made


def pending(controlled: Controlled) -> int:
    """How many items wait, asked of a request that no fault fits."""
    seeded = controlled.control("POST", "seed", {"tenant": "Maya", "items": [skill("counter")]})
    page = controlled.http.get(seeded["inbox"], follow_redirects=True).text
    return int(page.partition("pending <b>")[2].partition("<")[0]) - 1


@pytest.mark.parametrize(("method", "name"), ROUTES)
def test_it_is_not_there_unless_asked_for_and_opens_for_its_token_alone(
    tmp_path: Path, controlled: Controlled, method: str, name: str
) -> None:
    control = {"Authorization": "Bearer control"}
    plain = Backend.open(StagingConfig(f"sqlite:///{tmp_path}/plain.db"))
    assert browser_of(plain).request(method, f"/control/{name}", headers=control).status_code == 404
    for headers in ({}, controlled.agent):
        assert controlled.http.request(method, f"/control/{name}", headers=headers).status_code == 401


def test_seed_makes_a_tenant_whose_items_are_live_and_reset_leaves_nothing(controlled: Controlled) -> None:
    items = [skill("Go"), skill("Rust")]
    seeded = controlled.control("POST", "seed", {"tenant": "Jonas", "items": items, "approve": True})
    agent = {"Authorization": f"Bearer {seeded['token']}"}
    assert controlled.http.get("/api/agent/export/skills", headers=agent).json()["total"] == 2
    controlled.control("POST", "jobs")
    controlled.control("POST", "reset")
    assert controlled.http.get("/api/agent/export/skills", headers=agent).status_code == 401
    assert controlled.control("GET", "requests")[0]["status"] == 401


def test_the_clock_is_set_ahead_and_a_limit_ends(controlled: Controlled) -> None:
    assert [controlled.send(f"s{n}").status_code for n in range(21)] == [202] * 20 + [429]
    controlled.control("POST", "clock", {"seconds": 3601})
    assert controlled.send().status_code == 202


@pytest.mark.parametrize(("when", "staged"), [("before", 0), ("after", 1)])
def test_an_error_comes_before_the_request_is_carried_out_or_after(
    controlled: Controlled, when: str, staged: int
) -> None:
    controlled.control("POST", "faults", [{"kind": "status", "status": 503, "when": when, "path": wire.IMPORT_PATH}])
    assert controlled.send().status_code == 503
    assert pending(controlled) == staged
    assert controlled.send().status_code == 202


def test_a_rate_limit_names_the_wait_that_was_asked_for(controlled: Controlled) -> None:
    controlled.control("POST", "faults", [{"kind": "status", "status": 429, "retry_after_ms": 1500, "times": 2}])
    for _ in range(2):
        answer = controlled.send()
        assert (answer.status_code, answer.json()["retryAfterMs"]) == (429, 1500)
    assert controlled.send().status_code == 202


LOST = [("drop", "before", 0), ("drop", "after", 1), ("truncate", "after", 1)]


@pytest.mark.parametrize(("kind", "when", "staged"), LOST)
def test_an_answer_is_lost_on_the_way(controlled: Controlled, kind: str, when: str, staged: int) -> None:
    controlled.control("POST", "faults", [{"kind": kind, "when": when, "method": "POST", "path": wire.IMPORT_PATH}])
    with pytest.raises(httpx2.RemoteProtocolError if kind == "truncate" else httpx2.TransportError):
        controlled.send()
    assert pending(controlled) == staged


def test_a_fault_can_wait_for_its_turn_and_be_taken_back(controlled: Controlled) -> None:
    controlled.control("POST", "faults", [{"kind": "status", "skip": 1}])
    assert [controlled.send().status_code for _ in range(3)] == [202, 503, 202]
    controlled.control("POST", "faults", [{"kind": "delay", "seconds": 0.01}, {"kind": "status", "times": 9}])
    assert controlled.send().status_code == 202
    assert controlled.control("DELETE", "faults") == []
    assert controlled.send().status_code == 202


def test_requests_are_recorded_with_body_and_fault_and_without_the_token(controlled: Controlled) -> None:
    controlled.control("DELETE", "faults")
    controlled.control("POST", "faults", [{"kind": "status"}])
    controlled.send("first")
    controlled.http.get("/api/agent/export/skills?page=1", headers=controlled.agent)
    first, second = controlled.control("GET", "requests")
    assert (first["method"], first["path"]) == ("POST", wire.IMPORT_PATH)
    assert (first["status"], first["fault"]) == (503, "status")
    assert (second["query"], second["status"]) == ("page=1", 200)
    assert controlled.agent["Authorization"].split()[1] not in str([first, second])
    controlled.send("second")
    assert "second" in controlled.control("GET", "requests")[-1]["body"]
