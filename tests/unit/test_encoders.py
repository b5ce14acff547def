"""Candidates by meaning: an encoder proposes, the comparison decides; an endpoint is asked in pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import httpx2
import numpy as np
import pytest

from askcv_agents.errors import ConfigError
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.known import KnownItems
from askcv_pipelines.dedup.vectors import VectorIndex
from askcv_pipelines.encoders import EndpointEncoder, encoder
from askcv_pipelines.values import Known


class ByTopic:
    """Texts about ships lie in one direction, all others in another."""

    name = "by topic"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([[1.0, 0.1] if "ship" in text or "vessel" in text else [0.1, 1.0] for text in texts])


def test_the_nearest_are_the_same_whatever_the_pages() -> None:
    dice = np.random.default_rng(7)
    vectors = {str(n): dice.normal(size=8) for n in range(700)}

    class Fixed:
        name = "fixed"

        def encode(self, texts: Sequence[str]) -> np.ndarray:
            return np.array([vectors[text] for text in texts])

    texts = list(vectors)
    whole, paged = VectorIndex(Fixed()), VectorIndex(Fixed())
    whole.add(texts)
    for start in range(0, 700, 33):
        paged.add(texts[start : start + 33])
    assert whole.nearest(texts, 3) == paged.nearest(texts, 3)
    assert [near[0] for near in whole.nearest(texts, 1)] == list(range(700))


def test_an_encoder_proposes_what_shares_no_word_and_the_comparison_decides() -> None:
    held = [Known("k", "knowledge_entries", {"title": "t", "content": "Refitted the vessel."}, "approved")]
    seen: list[str] = []

    class Spy(ByTopic):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            seen.extend(texts)
            return super().encode(texts)

    (result,) = KnownItems(held, encoder=Spy()).judge_all(
        [Fact("knowledge_entries", {"title": "Ship", "content": "ship"})]
    )
    assert len(seen) == 2
    assert result.verdict != "duplicate"


def endpoint(answer: httpx2.Response | Exception) -> tuple[EndpointEncoder, list[httpx2.Request]]:
    asked: list[httpx2.Request] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        if answer.status_code != 200:
            return answer
        given = json.loads(request.content)["input"]
        data = [{"index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(given)]
        return httpx2.Response(200, json={"data": data[::-1]})

    return EndpointEncoder("https://e.example/v1", "m", "secret-key", httpx2.MockTransport(serve)), asked


def test_an_endpoint_is_asked_a_hundred_texts_at_a_time_and_its_order_is_not_trusted() -> None:
    made, asked = endpoint(httpx2.Response(200))
    vectors = made.encode(["a" * (n % 7 + 1) for n in range(250)])
    assert [len(json.loads(request.content)["input"]) for request in asked] == [100, 100, 50]
    assert {request.url.host for request in asked} == {"e.example"}
    assert [int(v) for v in vectors[:8, 0]] == [1, 2, 3, 4, 5, 6, 7, 1]


@pytest.mark.parametrize("answer", [httpx2.Response(503), httpx2.ConnectError("no"), httpx2.Response(302)])
def test_an_endpoint_that_fails_is_named_without_its_key(answer: httpx2.Response | Exception) -> None:
    made, _ = endpoint(answer)
    with pytest.raises(ConfigError, match=r"m at e\.example failed") as caught:
        made.encode(["text of a document"])
    assert "secret-key" not in f"{caught.value} {caught.value.hint}"
    assert "text of a document" not in str(caught.value)


def test_what_is_no_encoder_is_said(tmp_path: Path) -> None:
    for where in (str(tmp_path / "none"), "http://elsewhere.example/v1"):
        with pytest.raises(ConfigError, match="is no encoder"):
            encoder(where)
    with pytest.raises(ConfigError, match="no model is named"):
        encoder("https://e.example/v1")
    with pytest.raises(ConfigError, match="holds no model2vec model"):
        encoder(str(tmp_path)).encode(["x"])


def test_a_folder_of_this_machine_is_read_without_a_network(tmp_path: Path) -> None:
    from model2vec import StaticModel
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "ship": 1, "hat": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    StaticModel(np.eye(3, dtype=np.float32), tokenizer).save_pretrained(tmp_path / "m")
    made = encoder(str(tmp_path / "m"))
    vectors = made.encode(["ship", "hat", "ship ship"])
    assert vectors.shape == (3, 3)
    assert np.allclose(vectors[0], vectors[2])
    assert made.name == "model2vec m"
