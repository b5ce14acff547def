"""``askcv extract`` and ``sync`` with a model, as a person meets them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from askcv_agents.cli import cli
from askcv_agents.errors import AskcvError
from askcv_agents.pytest_plugin import serving
from tests.llm.documents import SELF
from tests.llm.model_server import Asked, ModelServer


@dataclass(frozen=True)
class Done:
    """What a command said, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


def askcv(*arguments: str | Path, **environment: str) -> Done:
    """A command in this process; a foreseeable error ends it as ``main`` would."""
    done = CliRunner().invoke(cli, list(map(str, arguments)), env=environment)
    if isinstance(done.exception, AskcvError):
        return Done(1, done.stdout, f"{done.exception.message} {done.exception.hint}")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "self.md"
    path.write_text(SELF)
    return path


def here(server: ModelServer, tmp_path: Path) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "sk-secret",
        "ASKCV_LLM_MODEL": "scripted",
        "ASKCV_STATE_DIR": str(tmp_path / "state"),
    }


def test_extract_says_what_it_will_take_what_it_took_and_asks_nothing_twice(
    server: ModelServer, note: Path, tmp_path: Path
) -> None:
    arguments = ["extract", note, "--extractor", "llm", "--price-in", "2", "--price-out", "8"]
    first = askcv(*arguments, **here(server, tmp_path))
    assert first.returncode == 0, first.stderr
    assert f"scripted at {server.base_url[7:-3]}: about 1 requests" in first.stderr
    assert "model: 1 requests" in first.stdout
    assert "cost 0.00" in first.stdout
    again = askcv(*arguments, **here(server, tmp_path))
    assert "1 from the cache" in again.stdout
    assert server.requests["all"] == 1
    assert server.keys == {"Bearer sk-secret"}
    assert "sk-secret" not in first.stdout + first.stderr


def test_a_partial_document_is_named_and_is_exit_code_3(server: ModelServer, note: Path, tmp_path: Path) -> None:
    server.faults = lambda asked, before: "wrong_schema"
    done = askcv("extract", note, "--extractor", "llm", **here(server, tmp_path))
    assert done.returncode == 3
    assert "partial: self.md, lines 5 to 30: the answer cannot be used" in done.stderr
    assert "1 documents are partial: run again" in done.stdout
    data = json.loads(askcv("extract", note, "--extractor", "llm", "--json", **here(server, tmp_path)).stdout)
    assert data["documents"][0]["gaps"][0]["where"] == "lines 5 to 30"
    assert data["usage"]["requests"] == 2
    page = tmp_path / "page.html"
    askcv("extract", note, "--extractor", "llm", "--html", page, **here(server, tmp_path))
    assert "Not read: the document is partial" in page.read_text()


def test_an_estimate_asks_nothing(server: ModelServer, note: Path, tmp_path: Path) -> None:
    done = askcv("extract", note, "--extractor", "llm", "--estimate", **here(server, tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("about 1 requests")
    assert server.requests["all"] == 0


def test_a_host_that_nobody_allowed_is_named_where_nobody_can_be_asked(note: Path, tmp_path: Path) -> None:
    environment = {"OPENAI_BASE_URL": "https://models.example.org/v1", "ASKCV_STATE_DIR": str(tmp_path / "state")}
    done = askcv("extract", note, "--extractor", "llm", "--model", "m", **environment)
    assert done.returncode == 1
    assert "--allow-host models.example.org" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--extractor", "llm"], "no model is named"),
        (["--extractor", "rules", "--model", "m"], "it takes no model"),
        (["--extractor", "llm", "--model", "m", "--budget-money", "1"], "needs the model's price"),
        (["--extractor", "llm", "--model", "m", "--engine", "dask"], "keeps one count"),
        (["--estimate"], "asks no model"),
    ],
)
def test_what_does_not_go_together_is_said(note: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = askcv("extract", note, *arguments, ASKCV_STATE_DIR=str(tmp_path), OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.returncode == 1
    assert said in done.stderr


def test_extractors_are_compared_on_a_split_with_their_cost(server: ModelServer, tmp_path: Path) -> None:
    folder = tmp_path / "split" / "performance_review" / "one"
    folder.mkdir(parents=True)
    (folder / "document.md").write_text(SELF)
    quotes = ["I wrote the on-call handbook that 14 teams now use.", "I trained three colleagues in incident review."]
    items = [{"domain": "knowledge_entries", "quote": quote} for quote in quotes]
    gold = {"kind": "performance_review", "subject": {"name": "Nadia Ferrant"}, "items": items, "ignore": []}
    (folder / "gold.json").write_text(json.dumps(gold))
    arguments = ["eval", tmp_path / "split", "--compare", "rules,llm,hybrid", "--price-in", "2", "--price-out", "8"]
    rows = json.loads(askcv(*arguments, "--json", **here(server, tmp_path)).stdout)["rows"]
    assert [row["extractor"] for row in rows] == ["rules", "llm", "hybrid"]
    rules, model, both = rows
    assert (rules["tokens"], rules["cost"]) == (0, None)
    assert model["tokens"] > 1_000
    assert model["cost"] > 0
    assert model["recall"] == both["recall"] == 1.0
    assert model["precision"] == 0.4
    assert "hybrid" in askcv(*arguments, **here(server, tmp_path)).stdout
    assert server.requests["all"] == 1


def test_sync_puts_pairs_for_review_to_the_model_and_the_plan_shows_what_it_decided(
    server: ModelServer, tmp_path: Path
) -> None:
    def judging(asked: Asked) -> str:
        parts = asked.part.split("Pair ")[1:]
        return json.dumps({"verdicts": [{"pair": n, "same": "Quillon" not in part} for n, part in enumerate(parts, 1)]})

    server.script = judging
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    head = "# Self-review 2026, Nadia Ferrant\n\n## Results\n\n- I "
    first.write_text(f"{head}rebuilt the booking search of the northern depots on new servers.\n")
    second.write_text(f"{head}rewrote the booking search that the northern depots use, on newer servers.\n")
    (tmp_path / "staging").mkdir()
    with serving(tmp_path / "staging") as staging:
        settings = staging.settings()
        assert settings.token is not None
        said = here(server, tmp_path) | {"ASKCV_BASE_URL": settings.base_url, "ASKCV_TOKEN": settings.token.value}
        whose = ("--subject", "Nadia Ferrant", "--names", "keep")
        assert askcv("sync", first, *whose, **said).returncode == 0
        assert "review 1" in askcv("sync", second, *whose, "--dry-run", **said).stdout
        plan = askcv("sync", second, *whose, "--dry-run", "--adjudicate", **said)
        assert "one fact, says scripted: “Rewrote the booking search" in plan.stdout
        assert "scripted was asked about 1 pairs for review: 1 are one fact and left out" in plan.stdout
        assert "would submit 0 · known 1 · review 0" in plan.stdout
        assert f"scripted at {server.base_url[7:-3]}: pairs for review are put to it" in plan.stderr
        done = json.loads(askcv("sync", second, *whose, "--adjudicate", "--json", **said).stdout)
        assert (done["counts"]["submitted"], done["usage"]["cached"], done["usage"]["requests"]) == (0, 1, 0)
        assert done["documents"][0]["items"][0]["by"] == "scripted"
