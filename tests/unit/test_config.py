"""Settings: where they come from, what is refused, and what a token tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from askcv_agents import Settings, Token
from askcv_agents.errors import ConfigError


def test_arguments_win_over_the_environment_and_the_environment_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('base_url = "https://file.example"\ntimeout = 5\nmax_wait = 7\n')
    environ = {"ASKCV_CONFIG": str(file), "ASKCV_BASE_URL": "https://env.example", "ASKCV_TIMEOUT": "6"}
    found = Settings.load(environ=environ, base_url="https://argument.example")
    assert (found.base_url, found.timeout, found.max_wait) == ("https://argument.example", 6.0, 7.0)


def test_the_default_is_the_live_service_without_a_token() -> None:
    found = Settings.load(environ={})
    assert (found.base_url, found.token) == ("https://askcv.ai", None)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://askcv.ai", "plain HTTP"),
        ("http://10.0.0.1:8000", "plain HTTP"),
        ("ftp://askcv.ai", "no http"),
        ("askcv.ai", "no http"),
        ("https://user:secret@askcv.ai", "credentials"),
        ("https://askcv.ai/api", "more than an origin"),
        ("https://askcv.ai:notaport", "no address"),
        ("http://127.0.0.1.evil.example", "plain HTTP"),
    ],
)
def test_an_address_that_is_unsafe_for_a_token_is_refused(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        Settings(base_url=url)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8765", "http://localhost:1", "http://[::1]:5", "https://a.example:8443"]
)
def test_loopback_and_https_are_taken_as_they_are(url: str) -> None:
    assert Settings(base_url=url + "/").base_url == url


def test_a_file_with_a_token_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('token = "askcv_agt_x"\n')
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others") as caught:
        Settings.load(environ={}, file=file)
    assert "chmod 600" in caught.value.hint
    file.chmod(0o600)
    assert Settings.load(environ={}, file=file).token == Token("askcv_agt_x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("tokn = 'x'", "unknown settings: tokn"),
        ("timeout = ", "cannot be read"),
        ("timeout = 'long'", "setting timeout"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_what_is_wrong(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content)
    with pytest.raises(ConfigError, match=said):
        Settings.load(environ={}, file=file)


def test_a_settings_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no settings file"):
        Settings.load(environ={"ASKCV_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize(("text", "value"), [("on", True), ("0", False), ("TRUE", True), ("no", False)])
def test_switches_are_read_as_words(text: str, value: bool) -> None:
    assert Settings.load(environ={"ASKCV_SEND_EVIDENCE": text}).send_evidence is value


def test_a_switch_that_is_neither_is_refused() -> None:
    with pytest.raises(ConfigError, match="send_evidence"):
        Settings.load(environ={"ASKCV_SEND_EVIDENCE": "maybe"})


def test_scopes_are_those_one_was_told() -> None:
    assert Settings.load(environ={"ASKCV_SCOPES": "agent:read, agent:write"}).scopes == ("agent:read", "agent:write")
    assert Settings.load(environ={}).scopes is None


@pytest.mark.parametrize(
    ("value", "kind"), [("askcv_agt_a", "agent"), ("askcv_mcp_a", "mcp"), ("askcv_ext_a", "extension"), ("other", None)]
)
def test_a_tokens_type_is_its_prefix(value: str, kind: str | None) -> None:
    found = Token(value).type
    assert (found.name if found else None) == kind


@pytest.mark.parametrize("value", ["two words", "a\nb", "tök"])
def test_a_token_with_impossible_characters_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Token(value)
    assert value not in caught.value.message
