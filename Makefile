# Everything is installed into .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PEERS := .venv/.peers
UV_COMPILE = .venv/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --upgrade --quiet

.PHONY: schedule test lint format bench lock clean
.DELETE_ON_ERROR:

schedule: $(READY)  ## the main job: database, solve, check, workbook
	$(BIN)/portfolio schedule --scenario base

test: $(READY)  ## all tests; those of PostgreSQL where its programs are installed
	$(BIN)/pytest

lint: $(READY)  ## formatting, style, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(PEERS)  ## our engine against its peers on generated portfolios; BENCH="--sizes 2000" for others
	$(BIN)/python -m benchmarks.compare $(BENCH)

lock:  ## exact versions for every platform, from pyproject.toml
	$(PYTHON) -m venv .venv/lock && .venv/lock/bin/pip install --quiet uv
	$(UV_COMPILE) pyproject.toml --group dev --all-extras -o requirements.lock
	$(UV_COMPILE) --group bench --constraint requirements.lock -o requirements-bench.lock
	rm -rf .venv/lock

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

$(PEERS): $(READY) requirements-bench.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $(PEERS)

clean:
	rm -rf .venv out portfolio.db portfolio.db-wal portfolio.db-shm
