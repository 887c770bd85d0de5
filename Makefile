HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup serve test check bench
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/.ready: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

setup: .venv/.ready ## make .venv with everything pinned in constraints.txt

serve: setup ## migrate, load the catalogue and serve on http://$(HOST):$(PORT)
	$(BIN)/mlquote serve --host $(HOST) --port $(PORT)

test: setup ## every test; PostgreSQL too where MLQUOTE_TEST_POSTGRES_URL is set
	$(BIN)/python -m pytest

check: setup ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup ## the ratios that README quotes, measured in one run
	for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done
