"""The documentation is true: commands exist, names are the code's, links lead somewhere."""

from __future__ import annotations

import dataclasses
import re
import shlex
from pathlib import Path
from typing import get_args

import click
import pytest

from askcv_agents import wire
from askcv_agents.cli import COMMANDS, cli
from askcv_agents.config import Settings
from askcv_agents.domains import DOMAINS
from askcv_agents.tools import CATALOGUE
from askcv_pipelines.tools import TOOLSETS
from askcv_pipelines.values import Reason

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
README = (ROOT / "README.md").read_text("utf-8")
CONTRACT = (ROOT / "docs" / "contract.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    for name in re.findall(r"`((?:askcv_agents|pipelines|tests|examples|docs)/[\w./-]+)`", page.read_text("utf-8")):
        assert (ROOT / name).exists(), name


def console_lines() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [re.sub(r"\s{2,}#.*", "", line) for line in lines]


@pytest.mark.parametrize("line", [line for line in console_lines() if line.startswith("askcv ")])
def test_every_askcv_line_of_the_readme_is_a_command_with_those_options(line: str) -> None:
    command: click.Command = cli
    arguments = shlex.split(line)[1:]
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        found = command.get_command(click.Context(command), arguments.pop(0))
        assert found is not None, line
        command = found
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in arguments if word.startswith("--")} <= options


@pytest.mark.parametrize("line", [line for line in console_lines() if line.startswith("make ")])
def test_every_make_line_of_the_readme_is_a_target(line: str) -> None:
    assert re.search(rf"^{line.split()[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_readme_has_every_setting_and_every_tool() -> None:
    for field in dataclasses.fields(Settings):
        assert f"`ASKCV_{field.name.upper()}`" in README
    for spec in CATALOGUE:
        assert f"`{spec.name}`" in README


def test_the_page_on_agents_has_every_tool_toolset_and_reason() -> None:
    page = (ROOT / "docs" / "agents.md").read_text("utf-8")
    for name, specs in TOOLSETS.items():
        (row,) = re.findall(rf"^\| `{name}` \| (.*)$", page, re.MULTILINE)
        assert all(f"`{spec.name}`" in row for spec in specs)
    for reason in get_args(Reason):
        assert f"`{reason}`" in page


def test_the_readmes_exit_codes_are_those_of_the_help() -> None:
    for code, meaning in re.findall(r"^  (\d+) +(.*)$", cli.epilog or "", re.MULTILINE):
        assert f"{code} " in README, meaning


def test_every_command_has_a_line_in_the_help_that_is_its_own() -> None:
    assert all(line.endswith(".") for _, line in COMMANDS.values())


def test_the_contract_page_has_every_domain_and_field_and_marks_the_required() -> None:
    for name, domain in DOMAINS.items():
        row = re.search(rf"^\| `{name}` \| (.*) \|$", CONTRACT, re.MULTILINE)
        assert row, name
        fields = [f"{f.alias}{'*' if f.is_required() else ''}" for f in domain.model.model_fields.values()]
        assert re.findall(r"`([\w*]+)`", row[1]) == fields


def test_the_contract_page_has_every_path_limit_code_and_scope() -> None:
    for path in (wire.IMPORT_PATH, wire.STATUS_PATH, wire.EXPORT_PATH, wire.PROFILE_PATH):
        assert path in CONTRACT
    for limit in wire.LIMITS.values():
        assert f"{limit.requests} " in CONTRACT
    for code in (
        wire.BAD_REQUEST, wire.UNAUTHORIZED, wire.INSUFFICIENT_SCOPE, wire.NOT_FOUND, wire.METHOD_NOT_ALLOWED,
        wire.TOO_LARGE, wire.VALIDATION_FAILED, wire.RATE_LIMITED, wire.SERVER_ERROR,
    ):  # fmt: skip
        assert f"`{code}`" in CONTRACT
    for kind in wire.TOKEN_TYPES.values():
        assert kind.prefix in CONTRACT
        assert all(scope in CONTRACT for scope in kind.scopes)


def test_the_contract_page_has_every_name_of_every_answer() -> None:
    models = (
        wire.ImportAnswer, wire.StagedItem, wire.RefusedItem, wire.WireIssue, wire.StatusAnswer, wire.StatusCounts,
        wire.ReviewedItem, wire.ExportPage, wire.ExportedItem, wire.ProfileAnswer, wire.TokenInfo, wire.DomainCount,
        wire.WireEvidence,
    )  # fmt: skip
    for model in models:
        for name, field in model.model_fields.items():
            assert re.search(rf"\b{field.alias or name}\b", CONTRACT), f"{model.__name__}.{name}"
