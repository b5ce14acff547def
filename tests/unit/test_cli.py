"""``askcv`` as a person meets it: help, exit codes, no traceback for what can be foreseen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from askcv_agents.cli import COMMANDS
from tests.conftest import EXAMPLES, Staging


def askcv(*arguments: str | Path, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "askcv_agents.cli", *map(str, arguments)]
    return subprocess.run(
        command, env=os.environ | environment, input=stdin, capture_output=True, text=True, check=False, timeout=60
    )


def at(staging: Staging) -> dict[str, str]:
    return {
        "ASKCV_BASE_URL": staging.base_url,
        "ASKCV_TOKEN": staging.tokens.setdefault("maya", staging.token()),
        "ASKCV_STATE_DIR": str(staging.state_dir),
    }


def test_help_lists_every_command_and_imports_neither_frameworks_nor_the_server() -> None:
    code = (
        "import sys; sys.argv = ['askcv', '--help']\n"
        "from askcv_agents.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name in COMMANDS:
        assert f"\n  {name} " in done.stdout
    imported = done.stdout.splitlines()[-1]
    for heavy in ("fastapi", "sqlalchemy", "langchain_core", "mcp", "httpx2", "pydantic", "rich", "askcv_pipelines"):
        assert f"'{heavy}'" not in imported


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own_that_agrees_with_the_list(command: str) -> None:
    done = askcv(command, "--help")
    assert done.returncode == 0
    assert "Usage: askcv" in done.stdout


def test_extract_needs_no_token_and_shows_items_with_evidence() -> None:
    done = askcv("extract", EXAMPLES, "--subject", "Maya Lindqvist")
    assert done.returncode == 0, done.stderr
    assert "line" in done.stdout
    assert "items " in done.stdout.splitlines()[-1]


def test_extract_as_json_holds_items_whose_quotes_stand_in_the_file() -> None:
    path = EXAMPLES / "self-review-2026-h1.md"
    report = json.loads(askcv("extract", path, "--json").stdout)
    text = path.read_text("utf-8")
    (document,) = report["documents"]
    assert document["items"]
    for item in document["items"]:
        for proof in item["evidence"]:
            assert text[proof["start"] : proof["end"]] == proof["quote"]


def test_sync_prints_receipts_and_the_line_of_counts_and_submits_once(staging: Staging) -> None:
    first = askcv("sync", EXAMPLES, "--subject", "Maya Lindqvist", **at(staging))
    assert first.returncode == 0, first.stderr
    assert "receipt bat_" in first.stdout
    submitted = int(first.stdout.splitlines()[-1].split()[1])
    assert submitted > 5
    again = askcv("sync", EXAMPLES, "--subject", "Maya Lindqvist", **at(staging))
    assert again.stdout.splitlines()[-1].startswith("submitted 0 · known ")
    status = askcv("status", "--json", **at(staging))
    assert json.loads(status.stdout)["items"] == {"pending": submitted}


def test_a_dry_run_shows_the_plan_and_sends_and_queues_nothing(staging: Staging) -> None:
    planned = askcv("sync", EXAMPLES, "--subject", "Maya Lindqvist", "--names", "keep", "--dry-run", **at(staging))
    assert planned.returncode == 0, planned.stderr
    heads, *documents, compared, last = planned.stdout.splitlines()
    assert heads.split() == ["new", "known", "review", "refused", "rejected", "masked", "document"]
    assert all(len(line) <= 80 for line in planned.stdout.splitlines())
    assert compared == "Compared with 0 items of the record, just read."
    assert [line.split()[-1] for line in documents] == [path.name for path in sorted(EXAMPLES.iterdir())]
    assert askcv("status", "--json", **at(staging)).stdout.count('"items": {}') == 1
    done = askcv("sync", EXAMPLES, "--subject", "Maya Lindqvist", **at(staging))
    assert done.stdout.splitlines()[-1] == last.removeprefix("would ").replace("submit ", "submitted ")


def test_the_plan_shows_by_document_and_in_sum_what_would_be_masked(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_text("# ours\nKestrel\n")
    (tmp_path / "n.md").write_text("# Accomplishments\n\n- I shipped Kestrel to tove@example.org, 40 % faster.\n")
    options = ["--dry-run", "--redact-terms", tmp_path / "terms.txt"]
    lines = askcv("sync", tmp_path / "n.md", *options, **at(staging)).stdout.splitlines()
    assert "  masked: e-mail address 1, term 1" in lines
    assert "would mask e-mail address 1, term 1" in lines


def test_nobody_is_asked_about_names_without_a_terminal_and_the_run_says_that_they_were_kept(
    staging: Staging, tmp_path: Path
) -> None:
    (tmp_path / "n.md").write_text("# Accomplishments\n\n- I rebuilt the search index, 40 % faster.\n")
    first = askcv("sync", tmp_path / "n.md", **at(staging))
    assert "Names of third parties were kept" in first.stdout
    settled = askcv("sync", tmp_path / "n.md", "--names", "mask", **at(staging))
    assert "Names of third parties were kept" not in settled.stdout
    assert "Names of third parties were kept" not in askcv("sync", tmp_path / "n.md", **at(staging)).stdout


def test_a_person_at_a_terminal_is_asked_once_for_a_record(staging: Staging, tmp_path: Path) -> None:
    import pty

    (tmp_path / "n.md").write_text("# Accomplishments\n\n- I rebuilt the search index, 40 % faster.\n")
    command = [sys.executable, "-m", "askcv_agents.cli", "sync", str(tmp_path / "n.md")]

    def at_a_terminal(typed: bytes) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        os.write(ours, typed)
        with subprocess.Popen(
            command, env=os.environ | at(staging), stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL
        ) as process:
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(ours, 4096):
                    shown += piece
            except OSError:
                pass  # how a terminal ends on Linux
        os.close(ours)
        return process.returncode, shown.decode()

    code, shown = at_a_terminal(b"maybe\nmask\n")
    assert code == 0
    assert "testimonials carry the name" in shown
    assert shown.count("Names of third parties (keep, mask)") == 2
    code, shown = at_a_terminal(b"")
    assert code == 0
    assert "Names of third parties" not in shown


def test_a_list_of_terms_with_a_wrong_line_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("- I wrote the handbook.\n")
    (tmp_path / "terms.txt").write_text("Kestrel\n?\n")
    done = askcv("extract", tmp_path / "n.md", "--redact-terms", tmp_path / "terms.txt")
    assert done.returncode == 1
    assert f"{tmp_path / 'terms.txt'}, line 2" in done.stderr
    (tmp_path / "terms.txt").write_bytes(b"Kestrel\n\xff\n")
    done = askcv("extract", tmp_path / "n.md", "--redact-terms", tmp_path / "terms.txt")
    assert "line 2: not UTF-8" in done.stderr


def test_extract_previews_what_would_be_masked(tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("Attendees: Ada Brook, Dana Okafor\n\n## Action items\n\n- Ada: ask Dana for data\n")
    options = ["--subject", "Ada Brook", "--alias", "Ada", "--kind", "meeting_notes"]
    assert "ask Dana" in askcv("extract", tmp_path / "n.md", *options, "--json").stdout
    done = askcv("extract", tmp_path / "n.md", *options, "--names", "mask", "--json")
    report = json.loads(done.stdout)
    assert report["documents"][0]["items"][0]["payload"]["title"].lower() == "ask [name] for data"
    assert report["masked"] == {"name": 1}


def test_export_and_profile_show_what_was_approved(staging: Staging) -> None:
    with staging.client(at(staging)["ASKCV_TOKEN"]) as client:
        list(client.import_items([{"domain": "skills", "payload": {"name": "Python"}}]))
    assert "0 approved items in skills" in askcv("export", "skills", **at(staging)).stdout
    staging.approve_all()
    assert "Python" in askcv("export", "skills", **at(staging)).stdout
    assert json.loads(askcv("export", "skills", "--json", **at(staging)).stdout)[0]["payload"] == {"name": "Python"}
    assert "Maya Lindqvist" in askcv("profile", **at(staging)).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["extract", "nowhere.md"], 1, "nowhere.md: cannot be read"),
        (["extract", "--extractor", "magic", "{file}"], 1, "no extractor 'magic'"),
        (["extract", "--format", "magic", "{file}"], 1, "unknown format"),
        (["extract", "{empty}"], 1, "the file is empty"),
        (["extract"], 2, "Missing argument"),
        (["export", "hobbies"], 2, "use one of"),
        (["profile"], 1, "no token is set"),
        (["profile", "--base-url", "http://example.org"], 1, "plain HTTP"),
        (["nonsense"], 2, "No such command"),
        (["serve", "--port", "99999"], 2, "99999"),
        (["extract", "x" * 300], 1, "cannot be read"),
        (["extract", "{folder}"], 1, "holds no readable document"),
        (["extract", "http://example.org/"], 2, "only https"),
        (["serve", "--database", "{file}"], 1, "cannot be used"),
        (["inbox", "--database", "{new}"], 1, "say whose inbox"),
    ],
)
def test_what_can_be_foreseen_is_a_message_and_an_exit_code(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "notes.md").write_text("- I wrote the handbook.\n")
    places = {"file": tmp_path / "notes.md", "empty": tmp_path / "empty.md", "new": tmp_path / "new.db"} | {
        "folder": tmp_path / "folder"
    }
    (tmp_path / "folder").mkdir()
    done = askcv(*(argument.format(**places) for argument in arguments))
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pipe_is_no_document_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    done = askcv("extract", tmp_path / "pipe.md")
    assert done.returncode == 1
    assert "is no file" in done.stderr


def test_two_different_staging_names_are_one_place_for_the_journal(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("# Accomplishments\n\n- Rebuilt the search index, which cut query times by 40 %.\n")
    first = askcv("sync", tmp_path / "n.md", **at(staging))
    assert first.stdout.splitlines()[-1].startswith("submitted 1")
    other = at(staging) | {"ASKCV_BASE_URL": staging.base_url.replace("127.0.0.1", "localhost")}
    assert askcv("sync", tmp_path / "n.md", **other).stdout.splitlines()[-1].startswith("submitted 0 · known 1")


def test_an_unknown_batch_is_listed_shown_and_settled_at_the_terminal(staging: Staging, tmp_path: Path) -> None:
    from askcv_pipelines.accounts import open_partition

    (tmp_path / "n.md").write_text("# Accomplishments\n\n- Rebuilt the search index, which cut query times by 40 %.\n")
    askcv("sync", tmp_path / "n.md", **at(staging))
    settings = staging.settings(at(staging)["ASKCV_TOKEN"])
    with staging.client(at(staging)["ASKCV_TOKEN"]) as client:
        tenant = client.profile().tenant_id
    with open_partition(settings, tenant) as partition:
        (batch,) = partition.outbox.open_batches()
        partition.outbox.unknown(batch.key, "no answer came")
    listed = askcv("outbox", "list", **at(staging))
    assert f"{batch.key}  unknown  " in listed.stdout
    assert "Rebuilt the search index" in askcv("outbox", "show", batch.key, **at(staging)).stdout
    assert askcv("outbox", "resolve", batch.key, **at(staging)).returncode == 2
    assert askcv("outbox", "resolve", "nonsense", "--drop", **at(staging)).returncode == 1
    assert askcv("outbox", "resolve", batch.key, "--drop", **at(staging)).stdout == "Settled.\n"
    assert askcv("outbox", "list", **at(staging)).stdout == "Nothing is unsettled.\n"


def test_an_interrupt_is_one_line_whatever_runs_beside(tmp_path: Path) -> None:
    text = (EXAMPLES / "self-review-2026-h1.md").read_text("utf-8") * 5
    for number in range(200):
        (tmp_path / f"{number}.md").write_text(text)
    command = [sys.executable, "-m", "askcv_agents.cli", "extract", str(tmp_path), "--workers", "2", "--subject", "Ada"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while "knowledge_entries" not in process.stdout.readline():
            pass
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read().strip() == "Interrupted. Run the same command again to go on."
        assert process.wait(30) == 130


def test_a_wrong_token_and_an_absent_service_are_said_plainly(staging: Staging) -> None:
    done = askcv("profile", **at(staging) | {"ASKCV_TOKEN": "askcv_agt_wrong-secret"})
    assert done.returncode == 1
    assert "does not know this token" in done.stderr
    assert "wrong-secret" not in done.stderr
    absent = askcv("profile", **at(staging) | {"ASKCV_BASE_URL": "http://127.0.0.1:9"})
    assert "no answer from the service" in absent.stderr


def test_verbose_logs_requests_without_token_or_text(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("# Accomplishments\n\n- I shipped the confidential Kestrel rewrite in May 2026.\n")
    done = askcv("-v", "sync", tmp_path / "n.md", "--subject", "Maya Lindqvist", **at(staging))
    assert "POST /api/agent/import" in done.stderr
    assert at(staging)["ASKCV_TOKEN"] not in done.stderr
    assert "Kestrel" not in done.stderr


def test_a_token_is_made_for_a_database_and_opens_it(tmp_path: Path) -> None:
    made = askcv("token", "create", "--tenant", "Ada", "--json", "--database", tmp_path / "s.db")
    assert json.loads(made.stdout)["token"].startswith("askcv_agt_")
    link = askcv("inbox", "--database", tmp_path / "s.db", "--port", "9000")
    assert link.stdout.startswith("http://127.0.0.1:9000/inbox/open?key=")
    assert (tmp_path / "s.db").stat().st_mode & 0o077 == 0


def test_tools_are_listed_and_as_json_carry_their_schemas() -> None:
    assert "import_career_data  (direct; writes; needs agent:write)" in askcv("tools").stdout
    listed = json.loads(askcv("tools", "--json").stdout)
    assert {tool["name"] for tool in listed} >= {"read_career_data", "read_profile", "get_import_status"}
    assert all(tool["inputSchema"]["type"] == "object" for tool in listed)


def test_eval_takes_kind_and_subject_from_the_labels_and_lists_what_it_cannot_read(tmp_path: Path) -> None:
    for kind, name, file, text in (
        (
            "performance_review",
            "a",
            "document.md",
            "# Accomplishments\n\n- I rebuilt the search index, which cut query times by 40 %.\n",
        ),
        ("meeting_notes", "b", "document.xyz", "unreadable"),
        ("meeting_notes", "c", "document.txt", "Action items\n- Ada: send the report\n"),
    ):
        folder = tmp_path / "split" / kind / name
        folder.mkdir(parents=True)
        (folder / file).write_text(text)
        gold = {"kind": kind, "subject": {"name": "Ada Byron", "aliases": ["Ada"]}, "items": []}
        (folder / "gold.json").write_text(json.dumps(gold))
    done = askcv("eval", tmp_path / "split", "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["written"], list(report["unread"])) == (2, ["meeting_notes/b"])
    written = json.loads((tmp_path / "out" / "performance_review" / "a.json").read_text())
    assert written["items"][0]["quote"]
    only = tmp_path / "only.txt"
    only.write_text("# a list\nmeeting_notes/c\n")
    for option, count in (("--only", 1), ("--except", 1)):
        done = askcv("eval", tmp_path / "split", "--out", tmp_path / "o2", option, only, "--json")
        assert json.loads(done.stdout)["written"] == count
