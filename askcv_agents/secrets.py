"""Where a token may be kept beside the environment: a file that only its owner reads, or the system's keyring."""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path
from typing import Any

from askcv_agents.errors import ConfigError

SERVICE = "askcv-agents"
"""The keyring's name for what is kept there; the user is the service's base address."""


def shown_to_others(mode: int) -> bool:
    """Whether a file's mode lets anybody but its owner read it."""
    return os.name == "posix" and bool(mode & (stat.S_IRWXG | stat.S_IRWXO))


def from_file(path: Path) -> str:
    """The token that a file holds, and nothing else.

    Raises:
        ConfigError: it cannot be read, holds more than one line, or others can read it.
    """
    try:
        with path.open("rb") as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read(10_000)
    except OSError as error:
        raise ConfigError(f"token file {path} cannot be read: {error.strerror}", "Check ASKCV_TOKEN_FILE.") from None
    if shown_to_others(mode):
        raise ConfigError(f"token file {path} can be read by others", f"Run: chmod 600 {path}")
    text = content.decode("utf-8", "replace").strip()
    if not text or "\n" in text:
        raise ConfigError(
            f"token file {path} holds no token, or more than that", "Write the token into it, in one line."
        )
    return text


@cache
def from_keyring(base_url: str) -> str | None:
    """The token that the keyring holds for a service; None where it holds none, or there is no keyring."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, base_url)
    except keyring.errors.KeyringError:
        return None
    return found


def keep(base_url: str, token: str) -> None:
    """Puts a token into the keyring.

    Raises:
        ConfigError: there is no keyring, or it refuses.
    """
    keyring = _keyring()
    if keyring is None:
        raise ConfigError("the keyring library is not installed", "Run: pip install 'askcv-agents[keyring]'")
    try:
        keyring.set_password(SERVICE, base_url, token)
    except keyring.errors.KeyringError as error:
        raise ConfigError(
            f"the keyring did not take the token ({type(error).__name__})",
            "Unlock it, or keep the token in a file that only you can read and name that in ASKCV_TOKEN_FILE.",
        ) from None
    from_keyring.cache_clear()


def _keyring() -> Any:
    try:
        import keyring  # noqa: PLC0415 - optional, and slow to import
        import keyring.errors  # noqa: PLC0415
    except ImportError:
        return None
    return keyring
