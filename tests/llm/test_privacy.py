"""What leaves this machine, where to, and what is written down of it."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from askcv_agents.config import Token
from askcv_agents.errors import AskcvError, ConfigError
from askcv_pipelines import Subject
from askcv_pipelines.extractors.llm import LlmSettings
from askcv_pipelines.extractors.llm.masked import masked
from askcv_pipelines.one_document import Work, process
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.redact import Redactor
from askcv_pipelines.sources.discovery import Found
from askcv_pipelines.values import Candidate, DocumentResult
from askcv_pipelines.verify import verify_all
from tests.llm.conftest import Make
from tests.llm.documents import SOURCES
from tests.llm.model_server import ModelServer

SECRETS = """# Self-review 2026, Nadia Ferrant

- I moved the alerts for ops@harborfinch.example and +44 20 7946 0958 to the new desk in 3 days.
- I rebuilt the Kestrel importer with Dagny Holt.
"""


def test_text_is_masked_before_it_leaves_and_the_evidence_is_the_documents_own(make: Make, server: ModelServer) -> None:
    document = read_bytes(SECRETS.encode(), "r.md", Subject("Nadia Ferrant"), kind="performance_review")
    redactor = Redactor(terms=("Kestrel",), names=("Dagny Holt",))
    found = [c for c in make().masking(redactor).extract(document) if isinstance(c, Candidate)]
    sent = "".join(server.bodies)
    for secret in ("harborfinch", "7946", "Kestrel", "Dagny"):
        assert secret not in sent
    assert "[e-mail address]" in sent
    items, rejections = verify_all(found, document)
    assert [item.evidence[0].quote for item in items] == [line[2:] for line in SECRETS.splitlines()[2:]]
    assert not rejections


def test_a_run_that_masks_names_sends_none_of_them(make: Make, server: ModelServer, tmp_path: Path) -> None:
    path = tmp_path / "minutes.md"
    path.write_text(SOURCES["minutes"].text)
    work = Work(Subject("Lena Moss", ("Lena",)), make(), mask_names=True)
    result = process(work, Found(path, "minutes.md"))
    assert isinstance(result, DocumentResult)
    sent = "".join(server.bodies)
    assert "Omar" not in sent
    assert "Lena Moss" in sent


@pytest.mark.parametrize("text", ["", "plain", "a@b.example", "x a@b.example y\nc@d.example", "tel 030 1234567 89"])
def test_every_stretch_of_a_masked_text_knows_its_source(text: str) -> None:
    view = masked(text, Redactor())
    assert view.source(0, len(view.text)) == (0, len(text))
    assert "".join((p.mask and view.text[p.at : p.until]) or text[p.start : p.end] for p in view.pieces) == view.text
    assert not Redactor().findings(view.text)


def test_text_and_key_reach_no_log_even_where_the_client_is_told_to_log_everything(
    make: Make, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    class Collects(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(logging.Formatter("%(name)s %(message)s").format(record) + str(record.args))

    handler = Collects(0)
    root = logging.getLogger()
    root.addHandler(handler)
    levels = {name: logging.getLogger(name).level for name in ("", "openai", "httpx2", "askcv_agents")}
    for name in levels:
        logging.getLogger(name).setLevel(1)
    monkeypatch.setenv("OPENAI_LOG", "debug")
    try:
        server.faults = lambda asked, before: "503" if before == 0 else None
        list(make(api_key=Token("sk-very-secret-key")).extract(SOURCES["self"].read()))
        server.answer = lambda raw: (400, {}, json.dumps({"error": {"message": raw}}).encode())  # type: ignore[method-assign]
        with pytest.raises(AskcvError) as refused:
            list(make(api_key=Token("sk-very-secret-key"), state_dir=make().service.settings.state_dir / "2").extract(
                SOURCES["letter"].read()))  # fmt: skip
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    assert any("answered" in line for line in written)
    everything = "\n".join(written) + str(refused.value) + refused.value.hint + repr(refused.value.__cause__)
    for secret in ("booking search", "digital proofs", "very-secret", "Nadia", "Strand"):
        assert secret not in everything
    assert "Bearer sk-very-secret-key" in server.keys


def test_where_the_client_is_not_installed_it_is_said_what_to_install(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ConfigError) as refused:
        list(make().extract(SOURCES["self"].read()))
    assert "pip install 'askcv-agents[llm]'" in refused.value.hint


def test_settings_do_not_show_their_key() -> None:
    settings = LlmSettings(model="m", api_key=Token("sk-very-secret-key"))
    assert "very-secret" not in repr(settings) + str(settings)


def test_a_host_that_nobody_allowed_is_sent_nothing(make: Make) -> None:
    extractor = make(base_url="https://models.example.org/v1")
    with pytest.raises(ConfigError, match=r"models\.example\.org"):
        list(extractor.extract(SOURCES["self"].read()))
    assert extractor.service.endpoint._client is None


def test_a_host_is_allowed_by_setting_or_once_for_all(make: Make) -> None:
    address = "https://models.example.org/v1"
    assert make(base_url=address, allow_hosts=("models.example.org",)).allowed
    asked = make(base_url=address)
    assert not asked.allowed
    asked.allow()
    assert make(base_url=address).allowed
    assert not make(base_url="https://other.example.org/v1").allowed
    assert not make(base_url="https://models.example.org:8443/v1").allowed


@pytest.mark.parametrize(
    "address", ["http://models.example.org/v1", "ftp://x", "https://user:pass@models.example.org", "nonsense"]
)
def test_an_address_that_is_not_safe_to_send_to_is_refused(address: str) -> None:
    with pytest.raises(ConfigError):
        LlmSettings(model="m", base_url=address)


def test_the_state_file_is_its_owners_alone(make: Make) -> None:
    extractor = make()
    list(extractor.extract(SOURCES["self"].read()))
    path = extractor.service.store.path
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_every_request_has_a_fence_of_its_own_around_the_text(make: Make, server: ModelServer) -> None:
    server.script = lambda asked: "nonsense"
    list(make().extract(SOURCES["injected"].read()))
    messages = [json.loads(raw)["messages"] for raw in server.bodies]
    marks = {user["content"].splitlines()[-1] for _, user in messages}
    assert len(marks) == len(messages) == 2
    for system, user in messages:
        assert (system["role"], user["role"]) == ("system", "user")
        assert "Amara" not in system["content"]
        assert user["content"].count(user["content"].splitlines()[-1]) == 2
    assert not any("tools" in json.loads(raw) for raw in server.bodies)
