# The two commands: make report, make test. Each sets itself up; nothing but python3 and make is needed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE
export JUPYTER_PLATFORM_DIRS := 1

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMOS := northfield mobile

.PHONY: help report test lint refresh screenshots bench validity clients serve lock clean

help:
	@echo "make report       build the demo books and say where they are"
	@echo "make test         run every fast test, the notebooks and the browser included"
	@echo "make refresh      rewrite the notebooks' demo outputs"
	@echo "make screenshots  take the pictures under docs/"
	@echo "make lint         ruff, mypy"
	@echo "make bench        speed beside peers (prints ratios)"
	@echo "make serve        serve the northfield book on this machine"
	@echo "make clean        remove everything that make made"

$(READY): requirements.lock pyproject.toml
	@echo "Setting up (once): tools from requirements.lock"
	@test -x .tools/bin/uv || { $(PYTHON) -m venv .tools && .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"; }
	@test -x $(BIN)/python || .tools/bin/uv venv --quiet --python $(PYTHON) .venv
	@.tools/bin/uv pip sync --quiet --require-hashes --compile-bytecode --python $(BIN)/python requirements.lock
	@.tools/bin/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	@touch $@

report: $(READY)
	@$(BIN)/handbook run $(DEMOS)

test: $(READY)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
	@$(BIN)/python -m pytest -q -p no:xdist --nbval --nbval-sanitize-with tests/nbval.cfg notebooks book

validity: $(READY)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m validity tests/validity

clients: $(READY)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m clients tests

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

refresh: $(READY)
	@$(BIN)/python -m helpers.press.refresh

screenshots: $(READY)
	@$(BIN)/python docs/screenshots.py

bench: $(READY)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

serve: $(READY)
	@$(BIN)/handbook serve northfield

lock:
	@test -x .tools/bin/uv || { $(PYTHON) -m venv .tools && .tools/bin/python -m pip install --quiet "uv>=0.9,<1"; }
	@.tools/bin/uv pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock

clean:
	rm -rf build .venv .tools .pytest_cache .mypy_cache .ruff_cache
