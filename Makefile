# Everything that can be done with Hodi. `make` alone lists it; each target sets up what it needs first,
# and stamp files keep a second start short.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --quiet --require-hashes
PHONE_SOURCES := $(shell find phone -type f -not -path 'phone/dist/*' -not -path 'phone/tests/*') package.json
SEED ?=
# Processes of pytest: twice the two cores, because a journey in the browser mostly waits.
JOBS ?= 4

# ───────────────────────────────── what people call ─────────────────────────────────

.PHONY: help
help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ## Set up, seed a demonstration sub-county, serve it at http://localhost:8000
	@$(MAKE) --jobs=2 phone/dist/stamp seeded
	@exec $(PY) -m hodi demo

.PHONY: app
app: $(VENV)/demo-stamp phone/dist/stamp ## Set up and build everything that serving needs, and serve nothing
	@echo "Everything is built. Serve it with: $(PY) -m hodi serve"

.PHONY: test
test: check test-python test-phone ## Set up everything and run every test and check
	@echo "make test: every check and every test has passed."

.PHONY: check
check: $(VENV)/test-stamp node_modules/stamp ## Style, types and the direction of imports
	@echo "ruff" && $(PY) -m ruff check --output-format concise . && $(PY) -m ruff format --check --quiet .
	@echo "mypy" && $(PY) -m mypy
	@echo "import-linter" && $(VENV)/bin/lint-imports --no-logo | tail -n 40
	@echo "svelte-check" && npm run --silent check
	@echo "dependency-cruiser, eslint and prettier" && npm run --silent lint

.PHONY: test-python
test-python: $(VENV)/test-stamp phone/dist/stamp system ## The tests in Python, browser journeys included
	@echo "pytest" && $(PY) -m pytest -n $(JOBS) --dist worksteal

.PHONY: test-phone
test-phone: $(VENV)/test-stamp node_modules/stamp build/words.json system ## The tests in TypeScript
	@echo "vitest" && npm run --silent test

.PHONY: content-check
content-check: $(VENV)/test-stamp node_modules/stamp build/words.json system ## Check the country pack: forms, rules and all their cases on every engine
	@$(PY) -m hodi content-check
	@$(PY) -m pytest tests/content tests/contract
	@npx --no-install vitest run --config phone/vite.config.ts tests/contract

.PHONY: simulation
simulation: $(VENV)/test-stamp node_modules/stamp build/words.json ## Several phones, a server and a bad network from one seed: make simulation SEED=42
	@HODI_SEED='$(SEED)' npx --no-install vitest run --config phone/vite.config.ts tests/simulation

.PHONY: bench
bench: $(VENV)/test-stamp phone/dist/stamp ## Run the benchmarks and print their figures
	@setup/system bench
	@$(PY) -m bench

.PHONY: fmt
fmt: $(VENV)/test-stamp node_modules/stamp ## Bring the code into shape
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@npm run --silent format

.PHONY: types
types: $(VENV)/test-stamp ## Write the phone's types anew from the schema, its statements and the server's models
	@$(PY) -m hodi.sync.typescript

.PHONY: lock
lock: ## Write setup/requirements*.txt anew from pyproject.toml
	@python=$$(setup/python) && "$$python" -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check install --quiet pip-tools
	@for extra in "" test; do \
	    build/lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	        --no-header --no-emit-index-url --no-emit-trusted-host $${extra:+--extra $$extra} \
	        --output-file setup/requirements$${extra:+-$$extra}.txt pyproject.toml; \
	done
	@rm -rf build/lock

.PHONY: reset
reset: ## Throw the demonstration's data away; the next `make demo` seeds anew
	@rm -rf var
	@echo "The demonstration's data are gone."

.PHONY: clean
clean: ## Remove what was built and installed here; the demonstration's data stay
	@rm -rf $(VENV) node_modules phone/dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ───────────────────────────────── what they rest on ─────────────────────────────────

.PHONY: system
system:
	@setup/system

$(PY):
	@python=$$(setup/python) && echo "Making a Python environment in $(VENV)" && "$$python" -m venv $(VENV)

$(VENV)/demo-stamp: setup/requirements.txt | $(PY)
	@echo "Installing Python packages"
	@$(PIP) -r setup/requirements.txt
	@touch $@

$(VENV)/test-stamp: setup/requirements-test.txt | $(PY)
	@echo "Installing Python packages for the tests"
	@$(PIP) -r setup/requirements-test.txt
	@touch $@ $(VENV)/demo-stamp

node_modules/stamp: package.json package-lock.json
	@setup/node
	@echo "Installing Node packages"
	@npm ci --loglevel=error --no-audit --no-fund
	@touch $@

# Which pack: HODI_PACK, a folder, as the server has it.
build/of: always
	@mkdir -p build && echo '$(HODI_PACK)' | cmp -s - $@ || echo '$(HODI_PACK)' > $@

.PHONY: always
always:

# Beside installing Node packages and building the app, which needs one processor as this does.
.PHONY: seeded
seeded: $(VENV)/demo-stamp
	@$(PY) -m hodi seed

build/pack.json: $(shell find content contract -type f) $(if $(HODI_PACK),$(shell find $(HODI_PACK) -type f)) phone/src/i18n/en.json build/of $(wildcard hodi/sync/*pack*.py hodi/sync/app_words.py hodi/errors.py hodi/web/en.json hodi/content/*.py hodi/record/*.py hodi/indicators/*.py) | $(VENV)/demo-stamp
	@echo "Compiling the country pack"
	@$(PY) -m hodi pack build

# Written with the pack, and younger only where the app's words have changed.
build/words.json: build/pack.json
	@test -f $@ || $(PY) -m hodi pack build

phone/dist/stamp: $(PHONE_SOURCES) build/words.json | node_modules/stamp
	@echo "Building the phone app"
	@npm run --silent build -- --logLevel warn
	@touch $@
