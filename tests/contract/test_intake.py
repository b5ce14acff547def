"""Two ways of reading an import, the quick one of a whole body and that of one item after another, agree."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askcv_agents.domains import DOMAINS
from askcv_agents.staging import intake
from tests.wire.samples import sample

TEXTS = st.sampled_from(["x", " x ", "", " ", "2026-02", "2026-02-30", "٢٠٢٤", "expert", "yes", "\x1c", "ﬁ", "x" * 201])
VALUES = st.one_of(
    TEXTS, st.booleans(), st.none(), st.integers(-1, 101), st.floats(allow_nan=False), st.lists(TEXTS, max_size=3)
)


@st.composite
def items(draw: Any) -> dict[str, Any]:
    domain = draw(st.sampled_from([*DOMAINS.values()]))
    fields = [field.alias for field in domain.model.model_fields.values()] + ["more", "years_of_experience"]
    required = [field.alias for field in domain.model.model_fields.values() if field.is_required()]
    payload = dict.fromkeys(required, "x") | draw(st.dictionaries(st.sampled_from(fields), VALUES, max_size=3))
    item: dict[str, Any] = {"domain": domain.name, "payload": payload}
    if draw(st.booleans()):
        names = st.sampled_from(["quote", "document", "sourceKind", "source_kind", "note", "more"])
        item["evidence"] = {"quote": "x"} | draw(st.dictionaries(names, TEXTS, max_size=2))
    return item


def told(valid: list[Any]) -> list[Any]:
    return [(v.place, v.domain, json.dumps(v.payload), json.dumps(v.evidence)) for v in valid]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(items(), min_size=1, max_size=2))
def test_what_the_quick_way_takes_the_careful_way_takes_and_reads_the_same(given_items: list[dict[str, Any]]) -> None:
    quick = intake._all_valid(json.dumps({"items": given_items}).encode())
    careful, errors = intake._checked(given_items)
    if quick:
        assert (told(quick), errors) == (told(careful), [])
    elif not errors:  # it is allowed to leave a body to the careful way
        assert any("source_kind" in item.get("evidence", {}) for item in given_items)


def test_an_ordinary_body_takes_the_quick_way() -> None:
    body = sample("import_request")
    assert told(intake._all_valid(json.dumps(body).encode())) == told(intake._checked(body["items"])[0])


@pytest.mark.parametrize("body", [b"", b"[]", b'{"items": []}', b'{"items": [NaN]}', b"\xff", b"[" * 100_000])
def test_a_body_that_is_none_is_left_to_the_careful_way(body: bytes) -> None:
    assert intake._all_valid(body) == []
