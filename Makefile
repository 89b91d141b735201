# Each target sets up all it needs on a fresh machine with Python 3.11 or newer.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
PYTEST_WORKERS ?= 2

.PHONY: demo test smoke bench lint types imports unit integration requirements clean browser

.venv: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch .venv

demo: .venv
	exec $(BIN)/heedline demo

smoke: .venv
	$(BIN)/heedline smoke

bench: .venv
	@$(BIN)/heedline bench

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv
	$(BIN)/mypy

imports: .venv
	$(BIN)/lint-imports

# A browser is a system package; where none is installed and we may install one, do.
browser:
	deploy/install-test-tools

test: .venv browser lint types imports
	$(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadgroup

# Pins every dependency with hashes and without the address of the registry that served it.
requirements: .venv
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv .heedline .kafka .mypy_cache .ruff_cache .pytest_cache .hypothesis
