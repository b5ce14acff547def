"""A person's desk in tests: items that wait, and what is seen of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient

from askcv_agents import wire
from askcv_agents.staging.app import Backend
from askcv_agents.staging.repository.items import Filter
from tests.conftest import browser_of

HERE = {"Origin": "http://testserver"}


def skill(name: str, **evidence: str) -> dict[str, Any]:
    item: dict[str, Any] = {"domain": "skills", "payload": {"name": name}}
    return item | ({"evidence": {"quote": name, **evidence}} if evidence else {})


@dataclass
class Maya:
    """One tenant: her token and her signed-in browser."""

    backend: Backend
    http: TestClient
    tenant_id: str

    @classmethod
    def at(cls, backend: Backend, name: str = "Maya") -> Maya:
        http = browser_of(backend)
        http.headers["Authorization"] = f"Bearer {backend.principals.create_token(name, 'agent')}"
        http.get(f"/inbox/open?key={backend.principals.create_link(name)}")
        return cls(backend, http, backend.principals.tenant_id(name))

    def propose(self, *items: dict[str, Any]) -> list[str]:
        answer = self.http.post(wire.IMPORT_PATH, json={"items": items})
        assert answer.status_code == 202, answer.text
        return [item["itemId"] for item in answer.json()["items"]]

    def pending(self, **chosen: Any) -> list[str]:
        return [row["payload"]["name"] for row in self.backend.desk.page(self.tenant_id, Filter(**chosen)).rows]

    def live(self, domain: str = "skills") -> list[dict[str, Any]]:
        return [item["payload"] for item in self.http.get(f"/api/agent/export/{domain}").json()["items"]]

    def counts(self) -> dict[str, int]:
        found = self.backend.desk.page(self.tenant_id, Filter()).counts
        return {
            state: sum(n for (s, _), n in found.items() if s == state) for state in ("pending", "approved", "rejected")
        }

    def post(self, path: str, **form: Any) -> Any:
        return self.http.post(path, data=form, headers=HERE)
