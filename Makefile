# Needs make, Python >= 3.11 and a network to the package registry; everything else goes into .venv, pinned and hashed.
# PYTHON=… chooses the interpreter. HOST, PORT and SIMULATOR_PORT are passed on by `make run`.

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
RUNTIME_READY := $(VENV)/.runtime-ready
DEV_READY := $(VENV)/.dev-ready
DICTIONARY := tjs_moderation/domain/language/voikko.xz
CATALOGUES := $(wildcard tjs_moderation/translations/*/LC_MESSAGES/messages.po)
SOURCES := tjs_moderation tests migrations wsgi.py

# 3.14 comes last: one library has no ready-made file for it and would need a C compiler.
FIND_PYTHON := for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python3.14; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$python"; exit; fi; done
# Either install can pack the dictionary; the development one has already made the other ready.
READY := $(if $(filter setup run evaluate,$(MAKECMDGOALS)),$(RUNTIME_READY),$(DEV_READY))
# The two locks are resolved alike: for Python 3.11 and every later one, on every system, from the public registry alone.
LOCK := $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

# Tests and commands start hundreds of processes. What each would have to compile anew is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup setup-dev run browser test suite check pictures gallery permissions format messages evaluate train lock upgrade clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUNTIME_READY) $(DICTIONARY) $(CATALOGUES:.po=.mo) ## Install what running needs into .venv

setup-dev: $(DEV_READY) $(DICTIONARY) $(CATALOGUES:.po=.mo) ## Install what the checks and tests need as well

run: setup ## Run the demo: sample data, a simulated page, a worker
	$(BIN)/tjs-moderation demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) \
		$(if $(SIMULATOR_PORT),--simulator-port $(SIMULATOR_PORT))

test: ## Run every check and every test, side by side: the tests wait for the world now and then
	$(MAKE) --no-print-directory --jobs 2 suite check

suite: setup-dev browser ## Run the tests alone
	$(BIN)/pytest

check: $(DEV_READY) ## Run the checks alone: format, lint, types, imports, templates, migrations, translations
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy tjs_moderation tests wsgi.py
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/djlint --check --lint templates
	$(BIN)/python -m tests.support.migration_drift
	$(BIN)/python -m tests.support.untranslated

browser: setup-dev ## See that there is a Chromium for the browser tests
	@$(BIN)/python -m tests.support.browser

pictures: setup-dev browser ## Take the pictures of README and the guide anew, from the demo
	$(BIN)/python -m tests.support.pictures

gallery: setup-dev browser ## Take a picture of every page for everybody into build/gallery, and have axe look at each
	$(BIN)/python -m tests.support.gallery $(WHO)

permissions: setup-dev ## Write docs/permissions.md anew from the marks of the views
	$(BIN)/python -m tests.support.permission_table

format: setup-dev ## Put code and templates into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --reformat --quiet templates tjs_moderation/simulator/templates

messages: setup-dev ## Bring the catalogues up to date with the strings in code and templates
	mkdir -p build
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --no-location --sort-output --output-file build/messages.pot .
	for locale in sv en; do $(BIN)/pybabel --quiet update --init-missing --no-wrap --locale $$locale \
		--input-file build/messages.pot --output-dir tjs_moderation/translations; done

evaluate: setup ## Measure the judge on writers it has not seen, on sentences held back, on the others with the worst mistakes
	$(BIN)/python -m tjs_moderation.training.evaluate --unseen
	$(BIN)/python -m tjs_moderation.training.evaluate --held-back
	$(BIN)/python -m tjs_moderation.training.evaluate

train: setup-dev ## Train the weights anew from DATA=… (a folder with train/, see docs/model-card.md)
	$(BIN)/python -m tjs_moderation.training.train --data $(DATA) --out tjs_moderation/domain/weights

lock: setup-dev ## Write both hash locks from pyproject.toml, keeping versions where they still fit
	$(LOCK) $(UPGRADE) pyproject.toml --group build --output-file requirements.lock
	$(LOCK) $(UPGRADE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock

upgrade: ## Write both hash locks with the newest versions
	$(MAKE) lock UPGRADE=--upgrade

clean: ## Remove what make and the tests made, not the data in instance/
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find $(wildcard $(SOURCES)) -name __pycache__ -prune -exec rm -rf {} +

%.mo: %.po | $(READY)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(BIN)/python:
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then echo 'Python 3.11 or newer was not found. Install it, or say PYTHON=/path/to/python.' >&2; exit 1; fi; \
	if ! "$$python" -m venv $(VENV); then rm -rf $(VENV); \
	echo "$$python could not make $(VENV). On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; fi

$(RUNTIME_READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing the libraries into $(VENV); the first time takes a minute.'
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# Voikko's words are not ours to keep: they are packed out of its package, the same bytes each time.
$(DICTIONARY): requirements.lock tjs_moderation/training/dictionary.py | $(READY)
	@echo 'Packing the Finnish dictionary; this takes half a minute.'
	$(BIN)/python -m tjs_moderation.training.dictionary --out $(@D)

# The development lock holds everything in the other one, so a single install makes both ready. Nothing is compiled
# beforehand: that takes as long as all the rest, and most of what is installed is never imported.
$(DEV_READY): requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing the libraries and tools into $(VENV); the first time takes a minute.'
	$(INSTALL) --no-compile --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(RUNTIME_READY) $@
