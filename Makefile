HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup serve test check bench peers
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/.ready: pyproject.toml constraints.txt hatch_build.py app/mlquote/losses/elementary.c
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing what constraints.txt pins into .venv: a minute or two the first time" >&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

setup: .venv/.ready ## make .venv with everything pinned in constraints.txt

serve: setup ## migrate, load the catalogue and serve on http://$(HOST):$(PORT)
	$(BIN)/mlquote serve --host $(HOST) --port $(PORT)

test: setup ## every test; PostgreSQL too where MLQUOTE_TEST_POSTGRES_URL is set
	$(BIN)/python -m pytest -n auto
	@echo "the pages in a browser are tried by .ci/page (Chromium)"

check: setup ## lint, format, types, and the OpenAPI file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/web/openapi/test_document.py

peers: .peers/.ready ## environments of their own for what we are measured beside
.peers/.ready:
	$(PYTHON) -m venv .peers/prices
	.peers/prices/bin/python -m pip install --quiet genai-prices==0.2.3 pydantic tzdata
	-.peers/prices/bin/python -m pip install --quiet litellm==1.109.1
	$(PYTHON) -m venv .peers/torch
	.peers/torch/bin/python -m pip install --quiet torch==2.13.0 numpy
	touch $@

bench: setup peers ## our ratios beside peers, measured in one run each
	PYTHONPATH=app:. .peers/prices/bin/python benchmarks/bench_pricing.py
	$(BIN)/python benchmarks/bench_batch.py
	$(BIN)/python benchmarks/bench_bulk.py
	$(BIN)/python benchmarks/score_forecasts.py --check
	bash .ci/spark
	PYTHONPATH=app:. .peers/torch/bin/python benchmarks/bench_losses.py
	$(BIN)/python benchmarks/bench_losses_http.py
	$(BIN)/python benchmarks/bench_training.py
	$(BIN)/python benchmarks/bench_http.py --workers 2
	$(BIN)/python benchmarks/bench_serving.py
	$(BIN)/python benchmarks/bench_hostile.py
	$(BIN)/python benchmarks/bench_reservations.py
