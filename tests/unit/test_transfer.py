"""``askcv journal export`` and ``import``: one file, whole or refused, and never a token in it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from askcv_agents.errors import ConfigError, JournalError
from askcv_pipelines.journal import Journal, default_path
from askcv_pipelines.transfer import export_journal, import_journal, merge_journal
from tests.conftest import Staging
from tests.unit.test_cli import askcv, at
from tests.unit.test_pipeline import notes, run

__all__ = ["notes"]


@pytest.fixture
def file(staging: Staging, notes: Path, tmp_path: Path) -> Path:
    run(staging, notes)
    export_journal(default_path(staging.state_dir), tmp_path / "moved")
    return tmp_path / "moved"


def test_on_the_other_machine_nothing_is_submitted_again_and_decisions_arrive(
    staging: Staging, notes: Path, tmp_path: Path
) -> None:
    run(staging, notes)
    done = askcv("journal", "export", tmp_path / "moved", **at(staging))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 items in 1 batches written")
    other = replace(staging, state_dir=tmp_path / "other")
    done = askcv("journal", "import", tmp_path / "moved", **at(other))
    assert done.returncode == 0, done.stderr
    again = run(other, notes)
    assert (again.counts["submitted"], again.counts["known"]) == (0, 3)
    staging.approve_all()
    assert json.loads(askcv("status", "--json", **at(other)).stdout)["items"] == {"approved": 3}
    assert sorted(path.name for path in other.state_dir.glob("*import*")) == []


def test_its_owner_alone_can_read_it_and_no_token_nor_its_digest_is_in_it(staging: Staging, file: Path) -> None:
    token = staging.tokens["maya"].encode()
    content = file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert b"handbook" in content
    assert token not in content
    assert hashlib.sha256(token).hexdigest()[:32].encode() not in content


def test_nothing_is_overwritten_on_either_side(staging: Staging, file: Path) -> None:
    with pytest.raises(ConfigError, match="exists"):
        export_journal(default_path(staging.state_dir), file)
    before = default_path(staging.state_dir).read_bytes()
    with pytest.raises(JournalError, match="has items already"):
        import_journal(file, default_path(staging.state_dir))
    assert default_path(staging.state_dir).read_bytes() == before


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


def rewritten(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("UPDATE item SET state = 'approved'")
    db.close()


def flipped(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b"handbook", b"handbuch"))


def another(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE item (id)")
    db.close()


def text(file: Path) -> None:
    file.write_text("no database at all" * 100)


@pytest.mark.parametrize("harm", [cut, rewritten, flipped, another, text])
def test_a_file_that_is_damaged_changed_or_something_else_is_refused(file: Path, tmp_path: Path, harm: object) -> None:
    harm(file)  # type: ignore[operator]
    with pytest.raises(ConfigError, match="no journal that was exported whole"):
        import_journal(file, tmp_path / "other" / "journal.db")
    assert not (tmp_path / "other" / "journal.db").exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        import_journal(tmp_path / "nowhere", tmp_path / "journal.db")


def test_a_journal_that_a_process_works_on_is_not_exported(staging: Staging, notes: Path, tmp_path: Path) -> None:
    run(staging, notes)
    with Journal(default_path(staging.state_dir)) as journal:
        row = journal.execute("SELECT base_url, tenant FROM partition").fetchone()
        with journal.partition(*row), pytest.raises(JournalError, match="another askcv process"):
            export_journal(default_path(staging.state_dir), tmp_path / "moved")
    assert not (tmp_path / "moved").exists()
    assert not (tmp_path / "moved.part").exists()


# -- merging -----------------------------------------------------------------------------------------------------------


def apart(staging: Staging, notes: Path, tmp_path: Path) -> Staging:
    """Another machine that took this one's journal over, of a person who went on using both."""
    run(staging, notes)
    export_journal(default_path(staging.state_dir), tmp_path / "first")
    other = replace(staging, state_dir=tmp_path / "other")
    import_journal(tmp_path / "first", default_path(other.state_dir))
    return other


def items_of(machine: Staging) -> dict[str, str]:
    with Journal(default_path(machine.state_dir)) as journal:
        return {row["fingerprint"]: row["state"] for row in journal.execute("SELECT * FROM item")}


def test_what_another_machine_submitted_is_merged_and_not_submitted_again(
    staging: Staging, notes: Path, tmp_path: Path
) -> None:
    other = apart(staging, notes, tmp_path)
    more = tmp_path / "more.md"
    more.write_text("# Done\n\n- Trained four colleagues.\n")
    assert run(other, more).counts["submitted"] == 1
    done = askcv("journal", "export", tmp_path / "second", **at(other))
    assert done.returncode == 0, done.stderr
    done = askcv("journal", "import", tmp_path / "second", "--merge", **at(staging))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "1 items and 1 batches were new here; more is known of 0"
    assert items_of(staging) == items_of(other)
    assert set(items_of(staging).values()) == {"pending"}
    again = run(staging, more)
    assert (again.counts["submitted"], again.counts["known"]) == (0, 1)
    told = json.loads(askcv("journal", "import", tmp_path / "second", "--merge", "--json", **at(staging)).stdout)
    assert told == {"items": 0, "batches": 0, "further": 0, "conflicts": []}


def test_what_left_from_both_machines_is_listed_as_a_contradiction(
    staging: Staging, notes: Path, tmp_path: Path
) -> None:
    other = apart(staging, notes, tmp_path)
    more, longer = tmp_path / "more.md", tmp_path / "longer.md"
    more.write_text("# Done\n\n- Trained four colleagues.\n")
    longer.write_text("# Done\n\n- Trained four colleagues.\n- Moved the billing service to Rust.\n")
    run(other, more)
    run(staging, longer)
    export_journal(default_path(other.state_dir), tmp_path / "second")
    done = askcv("journal", "import", tmp_path / "second", "--merge", **at(staging))
    assert done.returncode == 0, done.stderr
    listed = [line for line in done.stdout.splitlines() if line.startswith("contradiction: ")]
    assert len(listed) == 1
    assert "perhaps twice" in listed[0]
    assert "Trained" not in listed[0]


def test_nothing_is_merged_while_a_process_works_on_the_record(staging: Staging, notes: Path, tmp_path: Path) -> None:
    other = apart(staging, notes, tmp_path)
    export_journal(default_path(other.state_dir), tmp_path / "second")
    before = items_of(staging)
    with Journal(default_path(staging.state_dir)) as journal:
        row = journal.execute("SELECT base_url, tenant FROM partition").fetchone()
        with journal.partition(row["base_url"], row["tenant"]):
            done = askcv("journal", "import", tmp_path / "second", "--merge", **at(staging))
    assert done.returncode == 1
    assert "is working on this record" in done.stderr
    assert items_of(staging) == before


def test_a_journal_that_is_restored_after_a_merge_knows_what_was_merged(
    staging: Staging, notes: Path, tmp_path: Path
) -> None:
    other = apart(staging, notes, tmp_path)
    more = tmp_path / "more.md"
    more.write_text("# Done\n\n- Trained four colleagues.\n")
    run(other, more)
    export_journal(default_path(other.state_dir), tmp_path / "second")
    merge_journal(tmp_path / "second", default_path(staging.state_dir))
    default_path(staging.state_dir).write_bytes(b"no journal any more" * 400)
    again = run(staging, more)
    assert (again.counts["submitted"], again.counts["known"]) == (0, 1)
