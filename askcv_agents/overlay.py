"""What a service names otherwise than the contract: a file that says so, and the translation at the client's edge.

Everything inside speaks the contract; a request is translated as it leaves, an answer as it comes. The file is TOML::

    [paths]                     # endpoint = its path; parameters as in the contract
    profile = "/api/v2/agent/me"
    [domains]                   # the contract's name = the service's
    awards = "honors"
    [names.export]              # by answer (import, status, export, profile, error), outside of payloads
    hasMore = "more"
    [payload.awards]            # by domain, in the contract's name
    awardedOn = "date"
"""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, unquote

from askcv_agents import wire
from askcv_agents.domains import DOMAINS
from askcv_agents.errors import ConfigError
from askcv_agents.exchange import Answer, Request

PATHS: Mapping[str, str] = {
    "import": wire.IMPORT_PATH,
    "status": wire.STATUS_PATH,
    "export": wire.EXPORT_PATH,
    "profile": wire.PROFILE_PATH,
    "mcp": wire.MCP_PATH,
}
ANSWERS = ("import", "status", "export", "profile", "error")
_PARAMETER = re.compile(r"\{(\w+)\}")
_PATTERNS = {name: re.compile(_PARAMETER.sub(r"(?P<\1>[^/]+)", path)) for name, path in PATHS.items()}

Names = Mapping[str, str]


@dataclass(frozen=True)
class Overlay:
    """The contract's names and paths, each with the service's in its place. Empty, it changes nothing."""

    paths: Names = field(default_factory=dict)
    domains: Names = field(default_factory=dict)
    names: Mapping[str, Names] = field(default_factory=dict)
    payload: Mapping[str, Names] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises:
        ConfigError: the file cannot be read, or says something that cannot be.
        """
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"overlay {path} cannot be read: {error}") from error
        if problem := _problem(given):
            raise ConfigError(f"overlay {path}: {problem}", "See docs/contract.md for its form.")
        return cls(**given)

    def with_name(self, section: str, name: str, found: str, within: str | None = None) -> Overlay:
        """This overlay and one more name: of ``paths`` or ``domains``, or of a part of ``names`` or ``payload``."""
        held: dict[str, Any] = dict(getattr(self, section))
        if within is None:
            held[name] = found
        else:
            held[within] = {**held.get(within, {}), name: found}
        return dataclasses.replace(self, **{section: held})

    def to_toml(self) -> str:
        lines = ["# What this service names otherwise than docs/contract.md: the contract's name = the service's"]
        for section in ("paths", "domains"):
            lines += _table(section, getattr(self, section))
        for section in ("names", "payload"):
            for within, names in getattr(self, section).items():
                lines += _table(f"{section}.{within}", names)
        return "\n".join(lines) + "\n"

    # -- translation ---------------------------------------------------------------------------------------------------

    def request(self, request: Request) -> Request:
        """A request of the contract as the service wants it."""
        found = endpoint_of(request.path)
        if found is None or self._empty:
            return request
        endpoint, given = found
        if "domain" in given:
            given["domain"] = quote(self.domains.get(unquote(given["domain"]), unquote(given["domain"])), safe="")
        names = self.names.get(endpoint, {})
        return dataclasses.replace(
            request,
            path=self.paths.get(endpoint, PATHS[endpoint]).format(**given),
            params={names.get(name, name): value for name, value in request.params.items()},
            body=self._body(request.body) if endpoint == "import" and request.body else request.body,
        )

    def answer(self, request: Request, answer: Answer) -> Answer:
        """The service's answer to a request of the contract, as the contract has it."""
        found = endpoint_of(request.path)
        if found is None or self._empty or (content := answer.json_object()) is None:
            return answer
        endpoint, given = found
        kinds = (endpoint,) if answer.status < 400 else (endpoint, "error")
        back = {theirs: ours for kind in kinds for ours, theirs in self.names.get(kind, {}).items()}
        read = self._read(content, back, unquote(given.get("domain", "")))
        return dataclasses.replace(answer, body=json.dumps(read, ensure_ascii=False).encode())

    @cached_property
    def _empty(self) -> bool:
        return not (self.paths or self.domains or self.names or self.payload)

    @cached_property
    def _domains_back(self) -> Names:
        return {theirs: ours for ours, theirs in self.domains.items()}

    def _body(self, body: bytes) -> bytes:
        names = self.names.get("import", {})

        def item(given: dict[str, Any]) -> dict[str, Any]:
            domain = given["domain"]
            payload = _renamed(given["payload"], self.payload.get(domain, {}))
            return _renamed({**given, "domain": self.domains.get(domain, domain), "payload": payload}, names)

        content = json.loads(body)
        content["items"] = [item(given) for given in content["items"]]
        return json.dumps(_renamed(content, names), ensure_ascii=False, separators=(",", ":")).encode()

    def _read(self, value: Any, back: Names, domain: str) -> Any:
        if isinstance(value, list):
            return [self._read(each, back, domain) for each in value]
        if not isinstance(value, dict):
            return value
        renamed = {back.get(name, name): each for name, each in value.items()}
        if isinstance(named := renamed.get("domain"), str):
            domain = renamed["domain"] = self._domains_back.get(named, named)
        read = {n: each if n == "payload" else self._read(each, back, domain) for n, each in renamed.items()}
        if isinstance(read.get("domains"), dict):
            read["domains"] = _renamed(read["domains"], self._domains_back)
        if isinstance(read.get("payload"), dict):
            read["payload"] = _renamed(read["payload"], {t: o for o, t in self.payload.get(domain, {}).items()})
        return read


def endpoint_of(path: str) -> tuple[str, dict[str, str]] | None:
    """Which endpoint of the contract a path is, with its parameters; None where it is none of them."""
    for name, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(path):
            return name, found.groupdict()
    return None


def parameters(path: str) -> list[str]:
    """The names of a path's parameters, in their order."""
    return _PARAMETER.findall(path)


def _renamed(value: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {names.get(name, name): each for name, each in value.items()}


def _table(name: str, names: Names) -> list[str]:
    rows = [f"{_key(ours)} = {json.dumps(theirs)}" for ours, theirs in sorted(names.items())]
    return ["", f"[{name}]", *rows] if rows else []


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else json.dumps(name)


# -- what a file may say -----------------------------------------------------------------------------------------------


def _problem(given: Mapping[str, Any]) -> str | None:
    sections: dict[str, Callable[[Any], str | None]] = {
        "paths": _paths_problem,
        "domains": lambda value: _names_problem("domains", value, DOMAINS),
        "names": lambda value: _parts_problem("names", value, ANSWERS),
        "payload": lambda value: _parts_problem("payload", value, DOMAINS),
    }
    for section, value in given.items():
        if section not in sections:
            return f"unknown section {section!r}; there are {', '.join(sections)}"
        if problem := sections[section](value):
            return problem
    return None


def _paths_problem(value: Any) -> str | None:
    if problem := _names_problem("paths", value, PATHS):
        return problem
    for name, path in value.items():
        if not re.fullmatch(r"(/[\w.{}~-]+)+", path, re.ASCII):  # a bearer goes there: no other host, nothing odd
            return f"paths.{name} is no path"
        if sorted(parameters(path)) != sorted(parameters(PATHS[name])) or _PARAMETER.sub("", path).strip("{}") == "":
            return f"paths.{name} must have the parameters of {PATHS[name]}"
        if {"{", "}"} & set(_PARAMETER.sub("", path)):
            return f"paths.{name} has a brace too many"
    return None


def _parts_problem(section: str, value: Any, known: Any) -> str | None:
    if not isinstance(value, dict):
        return f"{section} must be a table of tables"
    for part, names in value.items():
        if part not in known:
            return f"unknown {section}.{part}; there are {', '.join(known)}"
        if problem := _names_problem(f"{section}.{part}", names, None):
            return problem
    return None


def _names_problem(section: str, value: Any, known: Any) -> str | None:
    if not isinstance(value, dict) or not all(isinstance(each, str) and each for each in value.values()):
        return f"{section} must be a table of names"
    if unknown := [name for name in value if known is not None and name not in known]:
        return f"unknown {section}.{unknown[0]}; there are {', '.join(known)}"
    if len(set(value.values())) < len(value):
        return f"{section} gives two names the same one"
    return None
