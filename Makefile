# Every target does its own set-up in .venv; the second time it starts at once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NODE   := tests/node
ARGS   ?=
# A Debian without python3-venv gives an environment without pip; then the system's pip installs into it.
PIP     = $$(test -x $(BIN)/pip && echo "$(BIN)/python -m pip" || echo "$(PYTHON) -m pip --python $(BIN)/python")
INSTALL = $(PIP) install -qq --disable-pip-version-check --no-deps
# The tests' databases live in memory where there is room, and more tests than processors run at once: the journeys
# wait for their processes more than they compute.
SCRATCH = $$(test -z "$$TMPDIR" -a -w /dev/shm -a "$$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 \
          2>/dev/null && echo env TMPDIR=/dev/shm)
# Dozens of processes import the bot: compiled once, whatever the machine says of writing that down.
COMPILED = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python
WORKERS = $$(($$($(PYTHON) -c 'import os; print(os.cpu_count() or 2)') * 3 / 2))
LOCK    = env -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL -u UV_INDEX -u UV_FIND_LINKS \
          $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
          --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types layers node lock wheel bench clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.base ## The bot beside a simulated platform, ready to click; ARGS="--port 9000"
	@$(BIN)/kepu-bot demo $(ARGS)

test: $(VENV)/.dev ## The whole suite, in parallel; ARGS="-k filing -x"
	@$(COMPILED) -m compileall -q -j 0 bot handlers schedules
	@$(SCRATCH) $(COMPILED) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(VENV)/.dev ## Ruff: faults and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(VENV)/.dev ## Ruff: mend what can be mended
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

layers: $(VENV)/.dev ## Imports go one way
	@$(BIN)/lint-imports --no-logo

node: $(NODE)/node_modules/.stamp ## The official npm packages that two tests use

lock: $(VENV)/.dev ## Write the lock files anew; UPGRADE=--upgrade takes newer versions
	@$(LOCK) pyproject.toml requirements/build.in --extra postgres --output-file requirements/base.txt
	@$(LOCK) pyproject.toml requirements/build.in --extra postgres requirements/dev.in \
		--constraints requirements/base.txt --output-file requirements/dev.txt
	@$(LOCK) pyproject.toml requirements/build.in --extra postgres requirements/bench.in \
		--constraints requirements/dev.txt --output-file requirements/bench.txt

wheel: $(VENV)/.dev ## dist/kepu_bot-….whl
	@rm -rf build dist
	@$(BIN)/python -m build --wheel --no-isolation

bench: $(VENV)/.bench ## The benchmarks, side by side with their peers
	@$(BIN)/python -m benchmarks $(ARGS)

clean: ## Remove everything that can be made again
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.demo $(NODE)/node_modules
	@find bot handlers schedules tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 …  (Debian 12: apt install python3)'; \
		exit 1; }
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(PYTHON) -m venv $(VENV); \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then $(PYTHON) -m venv --without-pip $(VENV); \
	else echo 'Python has no pip here (Debian: apt install python3-venv).'; exit 1; fi

# One recipe a lock file: what it names, with its hashes, then this checkout itself.
$(VENV)/.base: $(BIN)/python requirements/base.txt pyproject.toml
$(VENV)/.dev: $(BIN)/python requirements/dev.txt pyproject.toml
$(VENV)/.bench: $(BIN)/python requirements/bench.txt pyproject.toml
$(VENV)/.base $(VENV)/.dev $(VENV)/.bench:
	@echo "Setting up $(VENV) from requirements/$(subst .,,$(@F)).txt (the first time half a minute or more) …"
	@$(INSTALL) --require-hashes --requirement requirements/$(subst .,,$(@F)).txt
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(NODE)/node_modules/.stamp: $(NODE)/package.json $(NODE)/package-lock.json
	@cd $(NODE) && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@
