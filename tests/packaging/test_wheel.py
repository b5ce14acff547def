"""The built wheel in an environment of its own: what it holds, and what it imports."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
INTENDED = {"askcv_agents", "askcv_pipelines", "langchain_askcv", "llama_index", "mcp_askcv", "openai_askcv"}
FRAMEWORKS = ("langchain", "langchain_core", "llama_index", "openai", "agents", "mcp", "fastapi", "sqlalchemy", "dask")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)], check=True, capture_output=True
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an empty environment into which the wheel alone was installed."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True)
    found = home / "bin" / "python"
    subprocess.run([found, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    return found


def run(python: Path, code: str) -> str:
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True, cwd=python.parent)
    return done.stdout.strip()


def test_a_wheel_holds_the_intended_packages_and_nothing_generic(wheel: Path) -> None:
    names = {Path(name).parts[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == INTENDED


def test_a_wheel_holds_everything_the_backend_and_the_extractor_need(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for source in INTENDED:
        folder = next(path for path in (ROOT, ROOT / "pipelines", ROOT / "integrations") if (path / source).is_dir())
        for path in (folder / source).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.relative_to(folder).as_posix() in held
    assert any(name.endswith("inbox.html") for name in held)


@pytest.mark.parametrize(
    "package", ["askcv_agents", "askcv_pipelines", "askcv_agents.tools", "askcv_pipelines.pipeline"]
)
def test_an_import_pulls_in_no_framework(python: Path, package: str) -> None:
    loaded = json.loads(run(python, f"import json, sys, {package}; print(json.dumps(sorted(sys.modules)))"))
    assert package in loaded
    assert [name for name in loaded if name.split(".")[0] in FRAMEWORKS] == []


def test_a_bare_import_loads_nothing_beyond_the_standard_library(python: Path) -> None:
    loaded = json.loads(run(python, "import json, sys, askcv_agents; print(json.dumps(sorted(sys.modules)))"))
    assert not {"pydantic", "httpx2", "click", "rich"} & set(loaded)


def test_the_bare_install_extracts_and_says_what_the_backend_needs(python: Path, tmp_path: Path) -> None:
    askcv = python.parent / "askcv"
    example = ROOT / "examples" / "documents" / "self-review-2026-h1.md"
    done = subprocess.run([askcv, "extract", example], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "knowledge_entries" in done.stdout
    serve = subprocess.run([askcv, "serve"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert serve.returncode == 1
    assert "pip install 'askcv-agents[staging]'" in serve.stderr
    mcp = subprocess.run([askcv, "mcp"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "pip install 'askcv-agents[mcp]'" in mcp.stderr


def test_the_extra_named_all_holds_every_extra_that_is_for_use() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (everything,) = extras["all"]
    assert set(everything.removeprefix("askcv-agents[").removesuffix("]").split(",")) == set(extras) - {
        "all",
        "bench",
        "dev",
    }
