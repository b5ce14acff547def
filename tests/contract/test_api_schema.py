"""The OpenAPI document: complete, as committed, and true (schemathesis asks the running backend, on both databases)."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import BaseModel

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, parse_payload
from askcv_agents.staging.app import Backend, StagingConfig
from askcv_agents.staging.openapi import document
from tests.conftest import Clock, running

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SNAPSHOT = ROOT / "docs" / "openapi.json"
EXAMPLES = os.environ.get("ASKCV_EXAMPLES", "6")
QUICK = "ASKCV_EXAMPLES" not in os.environ
UPDATE = bool(os.environ.get("ASKCV_UPDATE"))
ERRORS = {"400", "401", "403", "429", "500"}
MODELS: dict[str, type[BaseModel]] = {
    "importItems": wire.ImportAnswer,
    "getImportStatus": wire.StatusAnswer,
    "exportDomain": wire.ExportPage,
    "getProfile": wire.ProfileAnswer,
}


def operations() -> dict[str, dict]:
    return {operation["operationId"]: operation for path in document()["paths"].values() for operation in path.values()}


def test_the_committed_document_is_current() -> None:
    """ASKCV_UPDATE=1 writes it anew."""
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if UPDATE:
        SNAPSHOT.write_text(text, "utf-8")
    assert SNAPSHOT.read_text("utf-8") == text


def test_every_endpoint_has_every_error_with_an_example_of_its_code() -> None:
    for name in MODELS:
        responses = operations()[name]["responses"]
        assert set(responses) > ERRORS, name
        for status, response in responses.items():
            example = response["content"]["application/json"]["example"]
            assert ("error" in example) == (status[0] in "45"), (name, status)


@pytest.mark.parametrize("name", MODELS)
def test_the_example_of_an_answer_is_one(name: str) -> None:
    (answer,) = (found for status, found in operations()[name]["responses"].items() if status.startswith("2"))
    example = answer["content"]["application/json"]["example"]
    assert MODELS[name].model_validate(example).to_wire() == example


def test_the_example_of_an_import_is_accepted_and_every_domain_is_described() -> None:
    body = operations()["importItems"]["requestBody"]["content"]["application/json"]
    for item in body["example"]["items"]:
        assert not isinstance(parse_payload(item["domain"], item["payload"], by_alias=True), tuple)
    assert len(body["schema"]["properties"]["items"]["items"]["oneOf"]) == len(DOMAINS)


def test_schemathesis_finds_no_fault(database_url: str, clock: Clock) -> None:
    """All checks, all phases, stateful; on PostgreSQL the systematic phase is left to the long run. ASKCV_EXAMPLES sets
    how many cases an operation gets."""
    backend = Backend.open(StagingConfig(database_url, limits=None, now=clock))
    token = backend.principals.create_token("Maya", "agent")
    command = [
        Path(sysconfig.get_path("scripts")) / "st",
        *("--config-file", HERE / "schemathesis.toml", "run", "--checks", "all", "--exclude-path", wire.MCP_PATH),
        *("--max-examples", EXAMPLES, "--seed", "20260618", "--no-color", "--warnings", "off"),
        *("--generation-database", "none", "-H", f"Authorization: Bearer {token}"),
    ]
    if QUICK and not database_url.startswith("sqlite"):
        command += ["--phases", "examples,fuzzing,stateful"]
    hooks = os.environ | {"SCHEMATHESIS_HOOKS": "tests.contract.schemathesis_hooks", "PYTHONPATH": str(ROOT)}
    with running(backend, clock) as base_url:
        done = subprocess.run(
            [*command, f"{base_url}/openapi.json"], env=hooks, capture_output=True, text=True, check=False, timeout=3000
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    with backend.store.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM item")).scalar_one() > 0
    backend.store.close()
