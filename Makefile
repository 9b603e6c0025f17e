# Everything a developer types. Each target sets up what it needs in .venv, once.

.DEFAULT_GOAL := help
.NOTPARALLEL:  # one environment, one installer at a time
.PHONY: help serve test lint test-slow browser mutants test-clients clients-python bench format \
	constraints clean python

# The first Python that is new enough and can make environments. Each is tried, not just looked up:
# a version manager may put a name on the path that only answers with an error.
NEEDED := import ensurepip, sys, venv; assert sys.version_info >= (3, 11)
CANDIDATES := python3.11 python3.12 python3.13 python3.14 python3
PYTHON ?= $(shell for candidate in $(CANDIDATES); do \
	"$$candidate" -c '$(NEEDED)' >/dev/null 2>&1 && { echo "$$candidate"; break; }; done)
ARGS ?=

BIN := .venv/bin
PIP_FLAGS := --quiet --disable-pip-version-check
INSTALL := $(BIN)/python -m pip install $(PIP_FLAGS) --constraint constraints.txt --editable
SETTINGS := pyproject.toml constraints.txt

help: ## say what can be made
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  %-12s %s\n", $$1, $$2 }'

serve: .venv/.base ## start the fake; ARGS="--port 8080" is passed on
	@exec $(BIN)/port-fake serve $(ARGS)

# Watching every line costs half as much again, so it is done where it is judged.
MEASURED := tests/engine tests/world tests/inputs

test: lint ## check the style, then run the fast tests, in under two minutes
	$(BIN)/python -m pytest -n auto $(MEASURED:%=--ignore=%) $(ARGS)
	$(BIN)/python -m pytest -n auto $(MEASURED) --cov $(ARGS)

lint: .venv/.dev ## check form, style, types and the order of the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Minutes, not seconds, may pass inside one of these: they install and run the whole suite.
test-slow: .venv/.dev browser ## run the suite against a wheel and on every other Python found here
	$(BIN)/python -m pytest -m slow -o faulthandler_timeout=1800 $(ARGS)

# Without a browser its tests are skipped, and say so; where CI runs them (CI=true), they fail.
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable chrome

browser: ## install Chromium for the tests of pages, where that is ours to do (root on Debian)
	@for name in $(BROWSERS); do command -v "$$name" >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing chromium"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq -y --no-install-recommends chromium >/dev/null && exit 0; \
	fi; \
	echo "no browser: install Chromium or Chrome, for the tests that look at a page" >&2

# Ocean needs a newer Python than we do, with the usual lock: its dependencies have wheels for no
# other. Where a version manager keeps its Pythons is asked too: they may be on no path.
CLIENTS_NEEDED := import ensurepip, sys, sysconfig, venv; \
	assert (3, 12) <= sys.version_info < (3, 15) and not sysconfig.get_config_var("Py_GIL_DISABLED")
CLIENTS_PYTHON ?= $(shell for candidate in python3.12 python3.13 python3.14 python3 \
	"$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[234].*/bin/python; do \
	"$$candidate" -c '$(CLIENTS_NEEDED)' >/dev/null 2>&1 && { echo "$$candidate"; break; }; done)

test-clients: .venv-clients/.installed ## run Ocean's own classes against the fake; needs Python 3.12
	.venv-clients/bin/python -m pytest tests/third_party $(ARGS)

# Ocean comes as listed, without resolving; what we need ourselves and is not listed comes after.
.venv-clients/.installed: pyproject.toml tests/third_party/constraints.txt | .venv-clients/bin/pip
	@echo "installing port-fake and Ocean into .venv-clients"
	@.venv-clients/bin/python -m pip install $(PIP_FLAGS) --no-deps \
		--requirement tests/third_party/constraints.txt
	@.venv-clients/bin/python -m pip install $(PIP_FLAGS) \
		--constraint tests/third_party/constraints.txt --editable .
	@touch $@

.venv-clients/bin/pip: | clients-python
	@"$(CLIENTS_PYTHON)" -m venv .venv-clients

clients-python:
	@"$(CLIENTS_PYTHON)" -c '$(CLIENTS_NEEDED)' 2>/dev/null || { echo "no Python from 3.12 to 3.14 \
	with venv: install one, or name it with CLIENTS_PYTHON=..." >&2; exit 1; }

# Survivors fail the build, and so do mutants that never struck: nobody asks for what they alter.
mutants: .venv/.dev ## run the contract suites against fakes that misbehave; all must be caught
	$(BIN)/python -m contracts.mutants $(ARGS)

bench: .venv/.dev ## measure the fake against a bare server
	$(BIN)/python -m benchmarks $(ARGS)

format: .venv/.dev ## put every file into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

constraints: ## renew constraints.txt from the newest releases, in a clean environment
	@rm -rf .fresh
	@$(MAKE) --no-print-directory .fresh/bin/pip
	.fresh/bin/python -m pip install $(PIP_FLAGS) ".[all,dev]"
	@sed -n '/^#/p' constraints.txt >.fresh/constraints.txt
	.fresh/bin/python -m pip freeze --exclude port-fake >>.fresh/constraints.txt
	@mv .fresh/constraints.txt constraints.txt
	@rm -rf .fresh

clean: ## remove .venv and all that tools leave behind
	rm -rf .venv .venv-clients .fresh build dist htmlcov .coverage .coverage.* .hypothesis .schemathesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python: # name the Python that would be used, or fail
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer with venv: install one, \
	or name it with PYTHON=..." >&2; exit 1; }
	@echo "$(PYTHON)"

# The base stamp needs what the package needs, and no more: the first `make serve` is quick.
.venv/.base: $(SETTINGS) | .venv/bin/pip
	@echo "installing port-fake into .venv"
	@$(INSTALL) .
	@$(BIN)/python -m compileall -q port_fake  # an editable install compiles nothing
	@touch $@

.venv/.dev: $(SETTINGS) | .venv/bin/pip
	@echo "installing port-fake and its development tools into .venv"
	@$(INSTALL) ".[dev]"
	@$(BIN)/python -m compileall -q port_fake
	@touch .venv/.base $@

# pip arrives last in a new environment: without it, an interrupted set-up begins again.
%/bin/pip:
	@$(MAKE) --no-print-directory python >/dev/null
	@$(PYTHON) -m venv $*
