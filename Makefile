# The one vocabulary, for people and for CI. Each target does its own set-up; a second run starts in seconds.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WEB := app/web
BUILT := $(WEB)/dist/.built
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/locales $(WEB)/public -type f 2>/dev/null) \
  $(wildcard $(WEB)/*.html $(WEB)/*.json $(WEB)/*.ts)

.PHONY: help demo test check gate setup serve bench peers format clean

help: ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) $(BUILT) ## Make the virtual environment, install everything pinned and build the web client

$(STAMP): requirements.txt requirements-dev.txt pyproject.toml tools/setup.sh
	@tools/setup.sh "$(PYTHON)" "$(VENV)"
	@touch $@

$(BUILT): $(STAMP) tools/web.sh $(filter-out $(WEB)/openapi.json $(WEB)/src/api/schema.d.ts,$(WEB_SOURCES))
	@tools/web.sh build "$(VENV)"
	@touch $@

demo: $(STAMP) $(BUILT) ## Ingest the samples and ask about them
	@CONSILIUM_HOME="$${CONSILIUM_HOME:-$(CURDIR)/.consilium}" $(BIN)/consilium demo

serve: $(STAMP) $(BUILT) ## Serve the web client and the API on this machine, over the samples
	@CONSILIUM_HOME="$${CONSILIUM_HOME:-$(CURDIR)/.consilium/demo}" $(BIN)/consilium serve --samples

test: $(STAMP) $(BUILT) ## Run the tests
	@echo "Running the tests on 2 processes…"
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(STAMP) $(BUILT) ## Lint, types, layers, dependencies, spelling, and the tests of the web client's logic
	@echo "ruff…"; $(BIN)/ruff check . ; $(BIN)/ruff format --check .
	@echo "layers…"; $(BIN)/lint-imports --no-cache
	@echo "types…"; $(BIN)/mypy
	@echo "dependencies…"; $(BIN)/deptry .
	@echo "spelling…"; $(BIN)/codespell
	@tools/web.sh check "$(VENV)"
	@echo "All checks passed."

gate: $(STAMP) ## Measure the shipped samples against their gates
	@for suite in retrieval answers abstention grounding privacy in-force walls injection; do \
	  $(BIN)/consilium evaluate $$suite --gate policies/packs/gates/general.toml; done

bench: $(STAMP) ## Measure everything on the public data and write docs/benchmarks.md
	@$(BIN)/python -m tests.bench

peers: $(STAMP) ## Install the peers and measure them side by side
	@tools/peers.sh "$(PYTHON)" .peers
	@$(BIN)/python -m tests.bench.peers --cache .peers --write docs $(PEERS)

format: $(STAMP) ## Format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean: ## Remove the virtual environment and the demo's data
	@rm -rf $(VENV) $(WEB)/node_modules $(WEB)/dist .consilium .mypy_cache .ruff_cache *.egg-info
