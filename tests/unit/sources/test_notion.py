from __future__ import annotations

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import choose
from askcv_pipelines.sources.notion import NotionSource
from tests.unit.sources.documents import kept, zipped

ID = "0123456789abcdef0123456789abcdef"
PAGES: dict[str, bytes | str] = {
    f"Brag document {ID}.md": (
        "# Brag document\n\n- Moved the reports\n\n| What | When |\n| --- | --- |\n| Audit | May |\n"
    ),
    f"Brag document/One to one {ID}.md": "Agreed to lead the audit.\n",
    f"Brag document/Goals {ID}.csv": "Name,Notes\nAudit,Lead it in May\n",
    f"Brag document/Goals {ID}_all.csv": "Name,Notes\nAudit,Lead it in May\nOld,Done\n",
    f"Brag document/Empty {ID}.md": "",
    "Brag document/picture.png": b"\x89PNG",
}
EXPECTED = [
    ("heading", None, "Goals"),
    ("heading", None, "Audit"),
    ("cell", 3, "Lead it in May"),
    ("heading", None, "Old"),
    ("cell", 4, "Done"),
    ("heading", None, "One to one"),
    ("paragraph", None, "Agreed to lead the audit."),
]


@pytest.mark.parametrize("parts", [False, True], ids=["pages", "archives of parts"])
def test_pages_follow_each_other_under_their_titles(parts: bool) -> None:
    raw = zipped({"ExportBlock-1-Part-1.zip": zipped(PAGES)}) if parts else zipped(PAGES)
    document = NotionSource().read(raw, "export.zip")
    rows = kept(document, "kind", "row")
    assert rows[:2] == [("heading", None, "Brag document"), ("item", None, "Moved the reports")]
    assert rows[2:6] == [("heading", 1, "What"), ("heading", 1, "When"), ("cell", 2, "Audit"), ("cell", 2, "May")]
    assert rows[6:] == EXPECTED
    assert document.title == "Brag document"
    assert choose("export.zip", raw).name == "notion"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (zipped(PAGES)[:-30], "cut off"),
        (zipped({"readme.txt": "x"}), "no pages"),
        (zipped({f"a {ID}.md": bytes(210 * 1024 * 1024)}), "unpacks to"),
        (zipped({"ExportBlock-1.zip": zipped({f"a {n} {ID}.md": bytes(199 * 1024 * 1024) for n in range(1)}),
                 "ExportBlock-2.zip": zipped({f"b {ID}.md": bytes(9 * 1024 * 1024)})}), "unpacks to too much"),
        (zipped({f"a {ID}.md": "Prüfung".encode("latin-1")}), "is no UTF-8"),
    ],
    ids=["truncated", "no pages", "bomb", "bomb inside", "latin-1"],
)  # fmt: skip
def test_what_cannot_be_read_is_named(raw: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        NotionSource().read(raw, "export.zip")
    assert caught.value.message.startswith("export.zip: ")
    assert message in caught.value.message


def test_an_entry_without_a_name_is_passed_over() -> None:
    raw = zipped({"x": "no page", f"a {ID}.md": "# Done\n\nWrote the handbook."})
    nameless = raw.replace(b"x", b"\x00", 1)  # the name's only byte: the library cuts names at a NUL
    at = nameless.rindex(b"PK\x01\x02", 0, nameless.rindex(b"PK\x01\x02"))
    nameless = nameless[:at] + nameless[at:].replace(b"x", b"\x00", 1)
    document = NotionSource().read(nameless, "export.zip")
    assert "Wrote the handbook." in document.text
