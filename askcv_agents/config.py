"""Settings: from arguments, else the environment, else a TOML file, else defaults. And what a token tells of itself."""

from __future__ import annotations

import dataclasses
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from askcv_agents import secrets
from askcv_agents.errors import ConfigError
from askcv_agents.wire import LIVE_BASE_URL, TOKEN_TYPES, TokenType

APP = "askcv"
ENVIRONMENT_PREFIX = "ASKCV_"
CONFIG_VARIABLE = "ASKCV_CONFIG"
_TOKENS = frozenset(("token", "token_file"))
"""Two ways to say one thing: the one of a surer source takes the place of both."""


@dataclass(frozen=True)
class Token:
    """A bearer token that does not show itself: ``repr``, ``str`` and logs carry its prefix only."""

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.value.isascii() or not self.value.isprintable() or " " in self.value:
            raise ConfigError(
                "the token has characters that no token has",
                "Copy it again, in one line and without quotes, from Settings → API Keys.",
            )

    @property
    def type(self) -> TokenType | None:
        """The type its prefix names, or None for a prefix this version does not know."""
        return next((kind for kind in TOKEN_TYPES.values() if self.value.startswith(kind.prefix)), None)

    def __repr__(self) -> str:
        return f"Token({self.type.prefix if self.type else ''}…)"

    __str__ = __repr__


def is_loopback(host: str | None) -> bool:
    """Whether ``host`` is this machine."""
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(base_url: str) -> str:
    """``base_url`` as a bare origin, safe to send a bearer token to."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"base address {base_url!r} is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ConfigError(f"base address {base_url!r} is no http(s) address", f"Use for example {LIVE_BASE_URL}.")
    if parts.username or parts.password:
        raise ConfigError("the base address carries credentials", "Give the token with ASKCV_TOKEN instead.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(f"base address {base_url!r} has more than an origin", "Leave out everything after the host.")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigError(
            f"base address {base_url!r} is plain HTTP, which would show the token to the network",
            "Use https; plain HTTP is for this machine only.",
        )
    host = host.rstrip(".")
    netloc = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{netloc}" + (f":{port}" if port not in (None, usual) else "")


@dataclass(frozen=True)
class Settings:
    """How to reach one AskCV service as one tenant.

    ``scopes`` are those the token is *known* to have (None: not known). ``send_evidence`` and ``idempotent_imports``
    (whether the service honours the idempotency key) default to on for a service on this machine, which is the staging
    backend, and to off elsewhere until the live service is known to accept them. ``max_wait`` is the longest a call
    waits inline for a rate limit, in seconds; a longer one raises ``RateLimited``. ``retention_days``: documents not
    seen for that long, and reviewed items that old, are forgotten at the end of a run (None: kept). ``overlay``: a file
    of what the service names otherwise than the contract.
    """

    token: Token | None = None
    token_file: Path | None = None
    base_url: str = LIVE_BASE_URL
    scopes: tuple[str, ...] | None = None
    timeout: float = 30.0
    max_wait: float = 60.0
    send_evidence: bool | None = None
    idempotent_imports: bool | None = None
    retention_days: float | None = None
    overlay: Path | None = None
    state_dir: Path = field(default_factory=lambda: platformdirs.user_data_path(APP))

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _origin(self.base_url))
        here = is_loopback(urlsplit(self.base_url).hostname)
        for name in ("send_evidence", "idempotent_imports"):
            if getattr(self, name) is None:
                object.__setattr__(self, name, here)
        if not (math.isfinite(self.timeout) and self.timeout > 0):
            raise ConfigError(f"timeout is {self.timeout}", "Give seconds above 0.")
        if not (math.isfinite(self.max_wait) and self.max_wait >= 0):
            raise ConfigError(f"max_wait is {self.max_wait}", "Give seconds, 0 or more.")
        if self.retention_days is not None and not (math.isfinite(self.retention_days) and self.retention_days > 0):
            raise ConfigError(f"retention_days is {self.retention_days}", "Give days above 0, or leave it out to keep.")

    @classmethod
    def load(cls, *, environ: Mapping[str, str] | None = None, file: Path | None = None, **given: Any) -> Settings:
        """Arguments that are not None win over the environment, the environment over the file.

        The file is ``file``, else ``$ASKCV_CONFIG``, else ``config.toml`` in the user's settings folder if it exists.

        Raises:
            ConfigError: a source names a setting that does not exist, a value cannot be read, or a file that holds a
                token can be read by other users of the machine.
        """
        environ = os.environ if environ is None else environ
        named = file or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
        values = _from_file(named, must_exist=True) if named else _from_file(default_config_path(), must_exist=False)
        for surer in (_from_environment(environ), {n: value for n, value in given.items() if value is not None}):
            if _TOKENS & surer.keys():
                values = {name: value for name, value in values.items() if name not in _TOKENS}
            values |= surer
        return cls(**{name: _typed(name, value) for name, value in values.items()})

    def replaced(self, **given: Any) -> Settings:
        """These settings with the arguments that are not None in their place. Another address has its own defaults."""
        values = {name: _typed(name, value) for name, value in given.items() if value is not None}
        if "base_url" in values:
            values = {"send_evidence": None, "idempotent_imports": None} | values
        return dataclasses.replace(self, **values)

    @property
    def record_address(self) -> str:
        """The service as the journal knows it: this machine is one place, whichever of its names is used."""
        parts = urlsplit(self.base_url)
        if not is_loopback(parts.hostname):
            return self.base_url
        return f"{parts.scheme}://127.0.0.1" + (f":{parts.port}" if parts.port else "")

    def require_token(self) -> Token:
        """The token: as it was given, else what the token file holds, else what the keyring holds for this service.

        Raises:
            ConfigError: there is none, or the file is not safe.
        """
        if self.token is not None:
            return self.token
        found = secrets.from_file(self.token_file) if self.token_file else secrets.from_keyring(self.base_url)
        if found is None:
            raise ConfigError(
                "no token is set",
                "Set ASKCV_TOKEN to a token from Settings → API Keys, keep one with `askcv token set`, or make one for "
                "the bundled backend with `askcv token create`.",
            )
        return Token(found.strip())


def default_config_path() -> Path:
    return platformdirs.user_config_path(APP) / "config.toml"


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {f"{ENVIRONMENT_PREFIX}{f.name.upper()}": f.name for f in dataclasses.fields(Settings)}
    return {name: environ[variable] for variable, name in names.items() if environ.get(variable, "").strip()}


def _from_file(path: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            values = tomllib.load(file)
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"no settings file at {path}") from None
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"settings file {path} cannot be read: {error}") from error
    known = {f.name for f in dataclasses.fields(Settings)}
    if unknown := sorted(set(values) - known):
        raise ConfigError(
            f"settings file {path} has unknown settings: {', '.join(unknown)}", f"Known: {', '.join(sorted(known))}."
        )
    if "token" in values and secrets.shown_to_others(mode):
        raise ConfigError(
            f"settings file {path} holds a token and can be read by others", f"Run: chmod 600 {path.name}"
        )
    return values


def _typed(name: str, value: Any) -> Any:
    """``value`` (text of the environment, or a TOML value) as the type that the setting has."""
    try:
        match name:
            case "token":
                return value if isinstance(value, Token) else Token(str(value).strip())
            case "scopes":
                parts = value.replace(",", " ").split() if isinstance(value, str) else value
                return tuple(str(part) for part in parts)
            case "timeout" | "max_wait" | "retention_days":
                return float(value)
            case "send_evidence" | "idempotent_imports":
                return value if isinstance(value, bool) else _switch(str(value))
            case "state_dir" | "token_file" | "overlay":
                return Path(value).expanduser()
    except (TypeError, ValueError) as error:
        shown = "" if name == "token" else f" {value!r}"
        raise ConfigError(f"setting {name}{shown} cannot be read: {error}") from error
    return value


def _switch(text: str) -> bool:
    match text.strip().lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
    raise ValueError("say on or off")
