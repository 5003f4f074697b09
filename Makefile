# make run  : install, prepare and serve on http://127.0.0.1:8000
# make test : install and check everything, with the real model and a real browser
# make rasa : check the files in config/ and the actions under real Rasa, which needs Python 3.10
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
DATA ?= var
PIP_ARGS ?=
VENV ?= .venv
BIN := $(VENV)/bin
RASA_VENV ?= .rasa
RASA_PYTHON ?= $(firstword $(wildcard $(HOME)/.pyenv/versions/3.10.*/bin/python) python3.10)
export URA_DATA = $(DATA)
URA_PIP_ARGS ?= $(PIP_ARGS)
export URA_PIP_ARGS

.PHONY: help run test check rasa bench quality fix words clean

help: ## Show what can be made.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing the pinned packages into $(VENV) (once, a few minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $(PIP_ARGS) rich
	@$(BIN)/python -m config.install $(PIP_ARGS) -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(BIN)/python -m config.install $(PIP_ARGS) -e '.[test]'
	@touch $@

run: $(VENV)/.installed ## Prepare everything once, then serve with demo accounts.
	@$(BIN)/python -m assistant run --demo --port $(PORT) --data "$(DATA)"

test: $(VENV)/.tested ## Lint, types, imports and all tests, with the real model and a real browser.
	@bash .ci/browser
	@bash .ci/widget
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(MAKE) quality
	$(BIN)/python -m pytest

check: $(VENV)/.tested ## Lint, types, imports and the fast tests, in under a minute.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not model and not browser and not slow"

$(RASA_VENV)/.installed: tests/rasa/requirements.txt
	@$(RASA_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null || { \
	  echo "Rasa 3.6 needs Python 3.10, and $(RASA_PYTHON) is none: see README, or name one with RASA_PYTHON=..."; exit 1; }
	@echo "Installing Rasa into $(RASA_VENV) (once, 2.7 GB, several minutes)"
	@test -x $(RASA_VENV)/bin/python || $(RASA_PYTHON) -m venv $(RASA_VENV)
	@$(RASA_VENV)/bin/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -r tests/rasa/requirements.txt
	@touch $@

rasa: $(VENV)/.tested $(RASA_VENV)/.installed ## Real Rasa on config/ and our actions: validation, referrals, stories, understanding.
	$(BIN)/python -m knowledge prepare-model
	RASA_VENV=$(RASA_VENV) $(BIN)/python -m pytest -v -s tests/rasa/checks.py

quality: $(VENV)/.tested ## How well the test halves are answered and masked; fails below a floor.
	$(BIN)/python -m knowledge personal-data --half test --floors tests/personal_data/floors.yml
	$(BIN)/python -m knowledge prepare-model
	$(BIN)/python -m knowledge evaluate --half test --floors tests/questions/floors.yml
	$(BIN)/python -m knowledge evaluate tests/questions/starter.jsonl tests/questions/reports.jsonl \
	  --alone --half test --floors tests/questions/floors_alone.yml

bench: $(VENV)/.tested ## Speed and memory, as ratios in one run.
	@for file in tests/bench/*.py; do echo "== $$file"; $(BIN)/python -m tests.bench.$$(basename $$file .py) || exit 1; done

fix: $(VENV)/.tested ## Format, and mend what can be mended.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove the virtual environment and what tools left; never the data folder.
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
