"""Encoders for candidates by meaning: a model folder on this machine, or an OpenAI-compatible embeddings endpoint.

None is used unless it is asked for. Texts that go to an endpoint are masked before, as all that leaves is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import numpy as np
import numpy.typing as npt

from askcv_agents.errors import ConfigError

Vectors = npt.NDArray[np.float32]
PER_REQUEST = 100


def encoder(where: str, *, model: str | None = None, key: str | None = None) -> FolderEncoder | EndpointEncoder:
    """The encoder that ``where`` names: a folder, or the base address of an endpoint (``https://host/v1``).

    Raises:
        ConfigError: it is neither.
    """
    if where.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        if not model:
            raise ConfigError(f"no model is named for {where}", "Name the embeddings model with --encoder-model.")
        return EndpointEncoder(where, model, key)
    if Path(where).is_dir():
        return FolderEncoder(Path(where))
    raise ConfigError(f"{where} is no encoder", "Give a model2vec folder, or the https address of an endpoint.")


class FolderEncoder:
    """A model2vec model in a local folder. Nothing is downloaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"model2vec {folder.name}"

    @cached_property
    def _model(self) -> Any:
        try:
            from model2vec import StaticModel  # noqa: PLC0415 - heavy, and for those who configure it

            return StaticModel.from_pretrained(self.folder, force_download=False)
        except ImportError as error:
            raise ConfigError("model2vec is not installed", "pip install 'askcv-agents[encoder]'") from error
        except Exception as error:
            raise ConfigError(f"{self.folder} holds no model2vec model: {error}", "Give another folder.") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        made: Vectors = np.asarray(self._model.encode(list(texts)), dtype=np.float32)
        return made


class EndpointEncoder:
    """``POST {base}/embeddings``, a hundred texts at a time. The texts go to that host and to no other."""

    def __init__(
        self, base: str, model: str, key: str | None = None, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self.base = base.rstrip("/")
        self.model = model
        self.name = f"{model} at {urlsplit(base).hostname}"
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(headers=headers, timeout=60, follow_redirects=False, transport=transport)

    def encode(self, texts: Sequence[str]) -> Vectors:
        pages = [self._page(texts[start : start + PER_REQUEST]) for start in range(0, len(texts), PER_REQUEST)]
        return np.concatenate(pages)

    def _page(self, texts: Sequence[str]) -> Vectors:
        body = {"model": self.model, "input": [text or " " for text in texts]}
        try:
            answer = self._http.post(f"{self.base}/embeddings", json=body)
            data = sorted(answer.json()["data"], key=lambda entry: entry["index"]) if answer.is_success else None
            if data is not None and len(data) == len(texts):
                return np.array([entry["embedding"] for entry in data], dtype=np.float32)
            said = f"status {answer.status_code}"
        except httpx2.TransportError as error:
            said = type(error).__name__
        except (KeyError, TypeError, ValueError):
            said = "an answer that cannot be read"
        raise ConfigError(
            f"the encoder {self.name} failed: {said}", "Check its address, model and key, or leave it out."
        )
