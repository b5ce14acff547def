"""Which model, where, and how much of it: from options, else the environment."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from askcv_agents.config import Settings, Token, is_loopback
from askcv_agents.errors import ConfigError

OPENAI = "https://api.openai.com/v1"
PREFIX = "ASKCV_LLM_"
STANDARD = {"base_url": "OPENAI_BASE_URL", "api_key": "OPENAI_API_KEY"}
"""Settings that have a name every tool knows."""


@dataclass(frozen=True)
class LlmSettings:
    """``allow_hosts`` are hosts that may be sent text without being asked for. ``in_flight`` bounds the requests at a
    time. ``attempts`` is how often one is tried in all, ``max_wait`` the longest pause that a server may ask for.
    Budgets are for one run; ``price_in`` and ``price_out`` are for a million tokens, in any currency."""

    model: str
    base_url: str = OPENAI
    api_key: Token | None = None
    allow_hosts: tuple[str, ...] = ()
    in_flight: int = 4
    timeout: float = 120.0
    max_wait: float = 60.0
    attempts: int = 4
    max_output: int = 4_096
    budget_tokens: int | None = None
    budget_money: float | None = None
    price_in: float | None = None
    price_out: float | None = None
    state_dir: Path = field(default_factory=lambda: Settings.load().state_dir)

    def __post_init__(self) -> None:
        parts = _address(self.base_url)
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ConfigError(
                f"model address {self.base_url!r} is plain HTTP, which would show the text to the network",
                "Use https; plain HTTP is for this machine only.",
            )
        for name in ("in_flight", "attempts", "max_output", "timeout"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ConfigError(f"{name} is {getattr(self, name)}", "Give a number above 0.")
        if self.budget_money is not None and (self.price_in is None or self.price_out is None):
            raise ConfigError(
                "a budget in money needs the model's price",
                "Give --price-in and --price-out for a million tokens, or a budget in tokens.",
            )

    @classmethod
    def load(cls, given: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> LlmSettings:
        """Options that are not None win over the environment.

        Raises:
            ConfigError: no model is named, or a value cannot be used.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            text = environ.get(STANDARD.get(name, PREFIX + name.upper()), "").strip()
            value = given[name] if given.get(name) is not None and given.get(name) != () else text
            if value not in ("", None):
                values[name] = _typed(name, value)
        if not values.get("model"):
            raise ConfigError("no model is named", "Name one with --model NAME or ASKCV_LLM_MODEL.")
        return cls(**values)

    @property
    def host(self) -> str:
        """Where text is sent: the host, with its port where that is not the usual one."""
        parts = _address(self.base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def is_here(self) -> bool:
        """Whether the model runs on this machine."""
        return is_loopback(_address(self.base_url).hostname)

    def money(self, tokens_in: int, tokens_out: int) -> float | None:
        """What so many tokens cost; None where the price is not known."""
        if self.price_in is None or self.price_out is None:
            return None
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000


def _address(url: str) -> Any:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as error:
        raise ConfigError(f"model address {url!r} is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise ConfigError(f"model address {url!r} is no http(s) address", f"Use for example {OPENAI}.")
    return parts


def _typed(name: str, value: Any) -> Any:
    try:
        match name:
            case "api_key":
                return value if isinstance(value, Token) else Token(str(value))
            case "allow_hosts":
                return tuple(value.replace(",", " ").split()) if isinstance(value, str) else tuple(value)
            case "in_flight" | "attempts" | "max_output" | "budget_tokens":
                return int(value)
            case "timeout" | "max_wait" | "budget_money" | "price_in" | "price_out":
                return float(value)
            case "state_dir":
                return Path(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"setting {name} {value!r} cannot be read: {error}") from error
    return str(value)
