"""The live service, read only. Off by default: ``ASKCV_LIVE_TOKEN=askcv_agt_… pytest -m live``."""

from __future__ import annotations

import os

import pytest

from askcv_agents import DOMAINS, Client, Settings, Token

pytestmark = pytest.mark.live

TOKEN = os.environ.get("ASKCV_LIVE_TOKEN", "")


def test_the_live_service_answers_as_the_contract_says() -> None:
    assert TOKEN, "set ASKCV_LIVE_TOKEN"
    with Client(Settings(token=Token(TOKEN))) as client:
        assert client.profile().tenant_id
        for domain in DOMAINS:
            page = client.export_page(domain, limit=1)
            assert all(item.id for item in page.items)
