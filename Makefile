# Two commands matter: `make serve` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help serve build lab test browser format lint types bench refresh lock clean

# The first Python that is new enough; `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# Small matrices by the thousand are slower on many threads than on one.
export OPENBLAS_NUM_THREADS ?= 1

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp records that the environment holds what a lock file says, so that it is made again
# exactly when the lock file changes.
.venv/.made: requirements.txt
	@$(call install,requirements.txt)
	@touch $@
.venv/.made-for-tests: requirements-test.txt
	@$(call install,requirements-test.txt)
	@touch .venv/.made $@

define install
	if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: see https://www.python.org/downloads/"; exit 1; fi; \
	test -d .venv || $(PYTHON) -m venv .venv; \
	echo "Installing the locked dependencies of $(1) (a few minutes the first time)"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

serve: .venv/.made ## Build the book if it is out of date, and serve it on this computer
	@$(BIN)/python -m goldenthread serve

build: .venv/.made ## Build the book, strictly and from clean
	@$(BIN)/python -m goldenthread build --force

lab: .venv/.made ## Open your own copies of the worked examples in JupyterLab
	@$(BIN)/python -m goldenthread lab

# Built once, before the tests that read the book are shared out. A browser waits more than it works,
# so that twice as many run as small machines have processors.
test: lint types browser ## Run every test
	$(BIN)/python -m goldenthread build
	$(BIN)/python -m pytest --numprocesses 4 --dist loadfile

browser: .venv/.made-for-tests
	@$(BIN)/python tests/browser/ensure_browser.py
	@$(BIN)/python tests/packs/office.py

format: .venv/.made-for-tests ## Put the code in its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: .venv/.made-for-tests ## Check the code's format and habits, and the words of the pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m goldenthread check prose

types: .venv/.made-for-tests ## Check the package's types
	$(BIN)/mypy

bench: .venv/.made-for-tests ## Measure speed, and print the ratios
	$(BIN)/python -m pytest tests/benchmarks -m benchmark -s

refresh: .venv/.made ## Read the publishers' newest figures into the snapshot
	@$(BIN)/python -m goldenthread refresh

# Universal locks: one file answers for Linux, macOS and Windows and for Python 3.11 to 3.13.
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --quiet
lock: .venv/.made-for-tests ## Lock the dependencies that pyproject.toml declares
	$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra test $(LOCK) -o requirements-test.txt

clean: ## Remove what was built (the environment stays)
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find goldenthread tests -name __pycache__ -type d -prune -exec rm -rf {} +
