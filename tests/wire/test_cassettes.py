"""The client against recorded answers, and that no recording carries a secret. How to record: CONTRIBUTING.md.

``ASKCV_RECORD=staging`` records against the bundled backend, ``ASKCV_RECORD=live`` against the service that
``ASKCV_RECORD_TOKEN`` (and ``ASKCV_RECORD_URL``) opens.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from askcv_agents import Client, Settings, Token
from askcv_agents.config import LIVE_BASE_URL
from askcv_agents.errors import NotFound, Unauthorized
from tests.conftest import Staging
from tests.wire.recording import ADDRESS, CASSETTES, TOKEN, recorder

RECORD = os.environ.get("ASKCV_RECORD", "")
TITLE = "Recorded by the tests of askcv-agents: reject me"
ITEMS = [
    {"domain": "awards", "payload": {"title": TITLE}},
    {"domain": "skills", "payload": {"name": TITLE}},
]


def profile(client: Client) -> None:
    found = client.profile()
    assert found.tenant_id
    assert found.domains is not None


def import_and_status(client: Client) -> None:
    (receipt,) = client.import_items(ITEMS, key="recorded-by-the-tests")
    assert (receipt.accepted, receipt.refused) == (2, ())
    status = client.import_status(receipt.batch_id)
    assert status.counts.pending == 2


def export(client: Client) -> None:
    page = client.export_page("skills", limit=5)
    assert all(item.id and "name" in item.payload for item in page.items)


def status_of_nothing(client: Client) -> None:
    with pytest.raises(NotFound):
        client.import_status("bat_there-is-none")


def wrong_token(client: Client) -> None:
    other = Client(client.settings.replaced(token=Token("askcv_agt_wrong")))
    with other, pytest.raises(Unauthorized):
        other.profile()


SCENES: tuple[Callable[[Client], None], ...] = (profile, import_and_status, export, status_of_nothing, wrong_token)


def settings_for_recording(staging: Staging) -> Settings:
    if RECORD == "live":
        token = Token(os.environ["ASKCV_RECORD_TOKEN"])
        return Settings(token=token, base_url=os.environ.get("ASKCV_RECORD_URL", LIVE_BASE_URL), max_wait=0.0)
    with staging.client() as client:
        list(client.import_items([{"domain": "skills", "payload": {"name": "Python"}}]))
    staging.approve_all()
    return staging.settings()


def played(scene: Callable[[Client], None], file: Path, settings: Settings, mode: str) -> None:
    with recorder(mode).use_cassette(str(file)), Client(settings, sleep=lambda _: None) as client:
        scene(client)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_the_client_understands_what_was_recorded(
    scene: Callable[[Client], None], request: pytest.FixtureRequest
) -> None:
    file = CASSETTES / f"{scene.__name__}.yaml"
    if RECORD:
        file.unlink(missing_ok=True)
        played(scene, file, settings_for_recording(request.getfixturevalue("staging")), "all")
    played(scene, file, Settings(token=Token("askcv_agt_replayed"), base_url=ADDRESS, max_wait=0.0), "none")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_a_recording_carries_neither_the_token_nor_whose_record_it_is(
    scene: Callable[[Client], None], staging: Staging, tmp_path: Path
) -> None:
    with staging.client(token := staging.token("Canary Person")) as client:
        list(client.import_items([{"domain": "skills", "payload": {"name": "Canary skill"}}]))
    staging.approve_all("Canary Person")
    played(scene, tmp_path / "c.yaml", staging.settings(token), "all")
    written = (tmp_path / "c.yaml").read_text("utf-8")
    assert yaml.safe_load(written)["interactions"]
    assert token not in written
    assert token.removeprefix("askcv_agt_") not in written
    assert "anary" not in written
    assert "127.0.0.1" not in written
    assert "uthorization" not in written


@pytest.mark.parametrize("file", sorted(CASSETTES.glob("*.yaml")), ids=lambda file: file.name)
def test_no_cassette_of_the_project_carries_a_secret(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not TOKEN.search(text)
    assert "uthorization" not in text
    for interaction in yaml.safe_load(text)["interactions"]:
        assert interaction["request"]["uri"].startswith(f"{ADDRESS}/")


def test_every_scene_has_a_cassette_and_every_cassette_a_scene() -> None:
    assert {file.stem for file in CASSETTES.glob("*.yaml")} == {scene.__name__ for scene in SCENES}
