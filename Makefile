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
	--no-annotate --custom-compile-command "make lock" --constraint requirements/limits.txt $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
PAGE_SOURCES := $(shell find dashboard -type f -not -path '*/node_modules/*' -not -name schema.ts 2>/dev/null)

.PHONY: help demo test test-slow lint format page docs bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PYTHON=python3.12 chooses the Python, SERVE=0 ends the demo after its answer, JOBS=4 runs four tests at once."

demo: .venv/core .venv/page ## a sample shop, from its order history to the first answer in money
	@$(BIN)/holdfast demo $(if $(filter 0,$(SERVE)),--no-serve)

test: lint page ## everything that has to pass, as CI runs it: format, lint, types, then all tests but the slow ones
	$(BIN)/pytest -n $(JOBS) -m "not slow"
	TEST_PARTS=services $(BIN)/pytest -n $(JOBS) -m "not slow" tests/api

test-slow: .venv/dev ## the tests that take longer than that allows
	$(BIN)/pytest -m slow
	TEST_PARTS=services $(BIN)/pytest -m slow tests/api/test_jobs_killed.py

lint: .venv/dev ## format check, lint, types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: .venv/dev ## format the code and mend what can be mended by itself
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

page: .venv/dev ## build the page from dashboard/, after its own format check, lint, types and tests
	$(BIN)/python tools/build_page.py --check

docs: .venv/core ## write the generated pages of docs/ again
	$(BIN)/python -c "from holdfast.settings import reference; print(reference(), end='')" > docs/settings.md
	$(BIN)/python -c "from holdfast.web.app import description; print(description(), end='')" > dashboard/openapi.json

bench: .venv/dev ## measure speed and memory against the floor, pandas and Polars
	$(BIN)/python benchmarks/pipeline.py

lock: .venv/build ## pin every dependency anew, with hashes (UPGRADE=1 takes the newest versions)
	$(lock) --group pyproject.toml:build --output-file requirements/build.txt
	$(lock) pyproject.toml --output-file requirements/core.txt
	$(lock) --constraint requirements/core.txt --constraint requirements/build.txt \
		--extra notebook --extra snowflake --group dev pyproject.toml --output-file requirements/dev.txt

clean: ## remove the environment, caches and build results
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build \
		dashboard/node_modules src/holdfast/web/page src/holdfast/web/.page-built

# --- the environment, in steps; each leaves a stamp, so that the next run starts at once -----------------------

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

# A machine on which the page cannot be built still has its demo, and the server says why there is no page.
.venv/page: $(PAGE_SOURCES) .venv/build
	@echo "Building the page ..."
	@$(BIN)/python tools/build_page.py --or-say-why
	@test -f src/holdfast/web/page-missing.txt || touch $@
