"""Tokens: where they may be kept, and that none is ever seen again: not in state, logs, output or tracebacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from askcv_agents.config import Settings, Token
from askcv_agents.errors import ConfigError
from tests.conftest import EXAMPLES, Staging
from tests.unit.test_cli import askcv, at

KEYRING = """
import json, os, pathlib
from keyring import errors
FILE = pathlib.Path(os.environ["FAKE_KEYRING"])
def _all(): return json.loads(FILE.read_text()) if FILE.exists() else {}
def get_password(service, user):
    if FILE.name == "locked": raise errors.KeyringLocked("canary")
    return _all().get(f"{service} {user}")
def set_password(service, user, password):
    if FILE.name == "locked": raise errors.KeyringLocked(password)
    FILE.write_text(json.dumps(_all() | {f"{service} {user}": password}))
"""
ERRORS = "class KeyringError(Exception): pass\nclass KeyringLocked(KeyringError): pass\n"


@pytest.fixture
def keyring(tmp_path: Path) -> dict[str, str]:
    """A keyring library of its own for the processes that are started with this environment."""
    import os

    package = tmp_path / "library" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(KEYRING)
    (package / "errors.py").write_text(ERRORS)
    paths = os.pathsep.join([str(package.parent), os.environ.get("PYTHONPATH", "")])
    return {"PYTHONPATH": paths, "FAKE_KEYRING": str(tmp_path / "ring")}


def without_token(staging: Staging) -> dict[str, str]:
    return {name: value for name, value in at(staging).items() if name != "ASKCV_TOKEN"}


def test_a_token_is_kept_in_the_keyring_and_found_there(staging: Staging, keyring: dict[str, str]) -> None:
    environment = without_token(staging) | keyring
    assert "no token is set" in askcv("profile", **environment).stderr
    done = askcv("token", "set", stdin=staging.token() + "\n", **environment)
    assert done.stdout == f"kept in the keyring for {staging.base_url}\n"
    assert list(json.loads(Path(keyring["FAKE_KEYRING"]).read_text())) == [f"askcv-agents {staging.base_url}"]
    assert "Maya Lindqvist" in askcv("profile", **environment).stdout


def test_a_keyring_that_refuses_says_so_without_the_token(staging: Staging, keyring: dict[str, str]) -> None:
    environment = without_token(staging) | keyring | {"FAKE_KEYRING": "locked"}
    done = askcv("token", "set", stdin="askcv_agt_canary\n", **environment)
    assert (done.returncode, "did not take the token (KeyringLocked)" in done.stderr) == (1, True)
    assert "canary" not in done.stdout + done.stderr
    assert "no token is set" in askcv("profile", **environment).stderr


def test_an_empty_token_is_not_kept(staging: Staging, keyring: dict[str, str]) -> None:
    assert "no token on standard input" in askcv("token", "set", stdin="\n", **without_token(staging), **keyring).stderr


def test_a_token_file_that_only_its_owner_reads_is_read(staging: Staging, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(staging.token() + "\n")
    file.chmod(0o600)
    environment = without_token(staging) | {"ASKCV_TOKEN_FILE": str(file)}
    assert "Maya Lindqvist" in askcv("profile", **environment).stdout
    file.chmod(0o640)
    refused = askcv("profile", **environment)
    assert (refused.returncode, "can be read by others" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    ("content", "said"), [("", "holds no token"), ("a\nb\n", "holds no token"), (None, "cannot be")]
)
def test_a_token_file_that_holds_no_token_is_named(tmp_path: Path, content: str | None, said: str) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
        file.chmod(0o600)
    with pytest.raises(ConfigError, match=said) as caught:
        Settings(token_file=file).require_token()
    assert str(file) in caught.value.message


def test_the_surer_source_of_a_token_wins_whichever_way_it_gives_it(tmp_path: Path) -> None:
    settings, token_file = tmp_path / "config.toml", tmp_path / "token"
    settings.write_text('token = "askcv_agt_settings"\n')
    token_file.write_text("askcv_agt_file\n")
    for file in (settings, token_file):
        file.chmod(0o600)
    environ = {"ASKCV_TOKEN_FILE": str(token_file)}
    assert Settings.load(environ=environ, file=settings).require_token() == Token("askcv_agt_file")
    assert Settings.load(environ={}, file=settings).require_token() == Token("askcv_agt_settings")
    found = Settings.load(environ=environ | {"ASKCV_TOKEN": "askcv_agt_environment"}, file=settings)
    assert found.require_token() == Token("askcv_agt_environment")


def test_no_command_leaves_a_token_in_state_logs_or_output(staging: Staging, tmp_path: Path) -> None:
    token = at(staging)["ASKCV_TOKEN"]
    said = []
    for command in (
        ["sync", EXAMPLES, "--subject", "Maya Lindqvist", "--names", "keep"],
        ["sync", EXAMPLES, "--subject", "Maya Lindqvist", "--schedule"],
        ["status", "--items"],
        ["outbox", "list"],
        ["profile"],
        ["export", "skills"],
        ["journal", "export", tmp_path / "moved"],
        ["forget", "self-review-2026-h1.md"],
    ):
        done = askcv("-v", *command, **at(staging))
        assert done.returncode == 0, done.stderr
        said.append(done.stdout + done.stderr)
    absent = askcv("-v", "status", **at(staging) | {"ASKCV_BASE_URL": "http://127.0.0.1:9"})
    assert absent.returncode == 1
    kept = [path.read_bytes() for path in (*staging.state_dir.rglob("*"), tmp_path / "moved") if path.is_file()]
    assert len(kept) > 1
    secret = token.removeprefix("askcv_agt_")
    assert not any(secret in text for text in (*said, absent.stdout + absent.stderr))
    assert not any(secret.encode() in content for content in kept)


def test_a_traceback_of_a_programming_error_shows_no_token(staging: Staging, tmp_path: Path) -> None:
    code = (
        "from askcv_agents.client import Client\n"
        "def broken():\n    raise ZeroDivisionError(repr(client), str(client.settings))\n    yield\n"
        "client = Client()\nclient.run(broken())\n"
    )
    import os

    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | at(staging), capture_output=True, text=True, check=False
    )
    assert "ZeroDivisionError" in done.stderr
    assert at(staging)["ASKCV_TOKEN"].removeprefix("askcv_agt_") not in done.stderr
