# Everything is done from here; a bare `make` lists it. `make demo` and `make test` need only Python 3.11+ with venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help demo test check bench evaluate docs fuzz audit format clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.venv/.run: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.dev: .venv/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

.venv/.docs: .venv/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	@touch $@

.venv/.bench: .venv/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@touch $@

.venv/.fuzz: .venv/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group fuzz
	@touch $@

demo: .venv/.run  ## an office day with an attack hidden inside, scanned and explained
	@$(BIN)/vedette demo

test: .venv/.dev  ## the test suite
	@$(BIN)/python -m pytest

check: .venv/.dev  ## formatting, lint, types, import direction, dependencies, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/python -m pytest

format: .venv/.dev  ## put the code into the house's form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/.bench  ## speed against the named peers, same run, CPU time
	@$(BIN)/python -m bench

evaluate: .venv/.dev  ## quality on the shared data sets -> docs/reference/evaluation.md
	@$(BIN)/python -m tools.evaluate

fuzz: .venv/.fuzz  ## fuzz one source, or outlook, web_decode, windows: make fuzz SOURCE=pcap SECONDS=600
	@$(BIN)/python -m tools.fuzz $(SOURCE) -max_total_time=$(or $(SECONDS),600) -print_final_stats=1

docs: .venv/.docs  ## the documentation site -> site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

audit: .venv/.dev  ## known holes in what is installed (needs PyPI's advisories)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group audit
	@$(BIN)/python -m pip_audit --local --skip-editable --strict --progress-spinner off

clean:  ## remove what these targets made
	@rm -rf .venv site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
