.DEFAULT_GOAL := help
.PHONY: help run test freshness storm lint bench figures mutants leaks holes lighthouse clean lock install develop graphiql clients console
.DELETE_ON_ERROR:

PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
N ?= 2000
SOURCES := app policies graphql_schema migrations tests benchmarks
NPM := $(shell command -v npm 2>/dev/null)
COMPILE := $(UV) pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --upgrade --quiet --custom-compile-command "make lock"
BUNDLES := app/graphiql/node_modules
CONSOLE := app/console
CLIENTS := tests/npm/node_modules
export PIP_ROOT_USER_ACTION := ignore

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install graphiql console ## Serve a demo company on 127.0.0.1:8000
	@$(BIN)/c360 demo --if-empty
	@C360_DEV=$${C360_DEV:-true} exec $(BIN)/c360 serve

test: develop graphiql console clients ## Run every test; ARGS="-k name" for some
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -q $(ARGS)

freshness: develop ## Ask while rights change, TIMES=30 times between one change and the next
	C360_TEST_TIMES=$(or $(TIMES),30) $(BIN)/python -m pytest -q --log-cli-level=INFO tests/concurrency

storm: develop ## Write with 64 clients for a minute, and kill the servers three times
	$(BIN)/python -m tests.storm $(ARGS)

lint: develop ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports

bench: install ## Measure against PostGraphile, side by side (needs Node)
	$(BIN)/python -m benchmarks $(ARGS)

figures: install ## Measure everything again, and write it into docs/performance.md (an hour on a quiet machine)
	$(BIN)/python -m benchmarks --rounds 5 --write
	for each in policy growth aggregates search simulate writing duplicates hostile faults overload; do $(BIN)/python -m benchmarks.$$each --write || exit; done

mutants: develop ## Change the policy engine place by place; ARGS="--sample 50"
	$(BIN)/python -m tests.mutants $(ARGS)

leaks: develop ## Ask twin databases N operations (SEED=… for the same again)
	$(BIN)/python -m tests.leaks -n $(N) $(if $(SEED),--seed $(SEED))

holes: develop ## Plant known mistakes one at a time, and see each found
	$(BIN)/python -m tests.leaks.holes

lighthouse: ## Judge the console at ADDRESS as EMAIL, whose word is in PASSWORD (needs Node, Chromium)
	@$(NPM) ci --prefix tests/lighthouse --no-audit --no-fund --silent
	@node tests/lighthouse/judge.mjs $(or $(ADDRESS),http://127.0.0.1:8000) $(or $(EMAIL),admin@example.com) $(PAGES)

clean: ## Remove what was installed and cached; data stay in .c360
	rm -rf $(VENV) $(BUNDLES) $(CLIENTS) tests/lighthouse/node_modules $(CONSOLE)/node_modules $(CONSOLE)/dist $(CONSOLE)/src/generated benchmarks/peer/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## Choose versions anew and write requirements/ (needs uv)
	$(COMPILE) --output-file requirements/run.txt
	$(COMPILE) --extra dev --output-file requirements/dev.txt

install: $(VENV)/run.stamp
develop: $(VENV)/dev.stamp
graphiql: $(if $(NPM),$(BUNDLES)/installed.stamp)
clients: $(if $(NPM),$(CLIENTS)/installed.stamp)
console: $(if $(NPM),$(CONSOLE)/dist/built.stamp)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name it: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(BUNDLES)/installed.stamp: app/graphiql/package-lock.json
	@$(NPM) ci --prefix app/graphiql --no-audit --no-fund --silent --fetch-retries=1 && touch $@ || \
		echo "GraphiQL could not be installed; its page will load it from a CDN." >&2

$(CONSOLE)/node_modules/installed.stamp: $(CONSOLE)/package-lock.json
	@$(NPM) ci --prefix $(CONSOLE) --no-audit --no-fund --silent --fetch-retries=1 && touch $@ || \
		echo "What builds the console could not be installed; /admin will say so." >&2

$(CONSOLE)/dist/built.stamp: $(CONSOLE)/node_modules/installed.stamp schema.graphql $(CONSOLE)/index.html \
		$(wildcard $(CONSOLE)/*.json $(CONSOLE)/*.mjs $(CONSOLE)/*.ts) $(shell find $(CONSOLE)/src -name generated -prune -o -type f -print)
	@test ! -e $< || { $(NPM) run --prefix $(CONSOLE) --silent build && touch $@; }

$(CLIENTS)/installed.stamp: tests/npm/package-lock.json
	@$(NPM) ci --prefix tests/npm --no-audit --no-fund --silent --fetch-retries=1 && touch $@ || \
		echo "The clients of npm could not be installed; their tests will be skipped." >&2
