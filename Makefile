# One command equals CI: `make test` is what the build server runs. A fresh machine needs Python 3.11+ and make.
# Written for GNU make 3.81 as well, which is the one macOS has.

PYTHON ?= python3
SERVE ?= 1
JOBS ?= 2

BIN := .venv/bin

# uv reads no pip.conf: where a mirror or a certificate is configured for pip alone, pip does the same more slowly.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
lock = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow lint format docs bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PYTHON=python3.12 chooses the Python, SERVE=0 ends the demo after its answer, JOBS=4 runs four tests at once."

demo: .venv/core ## a sample shop, from its order history to the first answer in money
	@$(BIN)/holdfast demo $(if $(filter 0,$(SERVE)),--no-serve)

test: lint ## everything that has to pass, as CI runs it: format, lint, types, then all tests but the slow ones
	$(BIN)/pytest -n $(JOBS) -m "not slow"

test-slow: .venv/dev ## the tests that take longer than that allows
	$(BIN)/pytest -m slow

lint: .venv/dev ## format check, lint, types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: .venv/dev ## format the code and mend what can be mended by itself
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: .venv/core ## write the generated pages of docs/ again
	$(BIN)/python -c "from holdfast.settings import reference; print(reference(), end='')" > docs/settings.md

bench: .venv/dev ## measure speed and memory against the floor, pandas and Polars
	$(BIN)/python benchmarks/pipeline.py

lock: .venv/build ## pin every dependency anew, with hashes (UPGRADE=1 takes the newest versions)
	$(lock) --group pyproject.toml:build --output-file requirements/build.txt
	$(lock) pyproject.toml --output-file requirements/core.txt
	$(lock) --constraint requirements/core.txt --constraint requirements/build.txt \
		--extra notebook --group dev pyproject.toml --output-file requirements/dev.txt

clean: ## remove the environment, caches and build results
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build

# --- the environment, in three steps; each leaves a stamp, so that the next run starts at once -----------------------

.venv/build: requirements/build.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { \
		echo "Holdfast needs Python 3.11 or newer; $(PYTHON) says: $$($(PYTHON) --version 2>&1)." \
			"Name another one: make demo PYTHON=python3.12" >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv || { \
		echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/core: requirements/core.txt pyproject.toml .venv/build
	@echo "Installing what Holdfast needs ..."
	@$(call install,$<)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements/dev.txt .venv/core
	@echo "Installing what its tests need ..."
	@$(call install,$<)
	@touch $@
