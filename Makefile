# `make run` opens the application; `make test` proves it. Both set up first.
PROMISED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
# Each is started to see: pyenv puts names on the path that do not run.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	$$p -c '$(PROMISED)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PORT ?=
SIZES ?= demonstration

# Many processes are started here: each module is compiled once, and kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: .lint-types .lint-sql .lint-style setup run test audit audit-dependencies sbom pins lint load bench calibrate golden screenshots screens docs clean

# Both at once: one waits for the disk, the other for the network.
setup:
	@$(MAKE) --no-print-directory --jobs 2 .venv/installed .chromium

.venv/installed: requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and was not found: install python3 and python3-venv." >&2; exit 1; }
	@"$(PYTHON)" -c '$(PROMISED)' 2>/dev/null || { echo "$(PYTHON) does not run, or is not Python 3.11, 3.12 or 3.13: name another, as in make PYTHON=/usr/bin/python3." >&2; exit 1; }
	@sh .ci/venv "$(PYTHON)"
	@echo "Installing packages into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes \
		-r requirements.txt -r requirements-dev.txt
# By all processors, where pip takes one. A few packages hold files for other Pythons.
	@$(BIN)/python -m compileall -q -j 0 -x '/tests?/' .venv/lib >/dev/null 2>&1 || true
	@touch $@

# Once. A machine where it cannot be installed draws with another browser, if it has one.
.chromium:
	@test -z "$(PYTHON)" || "$(PYTHON)" -m tools.chromium
	@touch $@

run: setup
	@$(BIN)/python -m longevity serve --demonstration $(if $(PORT),--port $(PORT))

test: setup lint
# In their own order: by number of tests the slow modules of one or two would come last, alone.
# One process a core: with two they get in each other's way, and all of it takes a sixth longer.
	@$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadscope --no-loadscope-reorder

audit: setup
# What it measured is printed at the end (-rP).
	@$(BIN)/python -m pytest -m audit -n 2 --dist loadfile -rP
# Properties, with more examples than a change is tried with, and others each time.
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile audit -n 2 --dist loadfile
# More than a hundred mistakes put into a copy of the code, of which each has to be noticed.
	@$(BIN)/python -m tools.mutate

# Asks the package index for known advisories. Not in `lint`: it needs an index that answers them.
audit-dependencies: .venv/installed
	@test -x .venv/audit/bin/pip-audit || { $(BIN)/python -m venv .venv/audit && \
		.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	@.venv/audit/bin/pip-audit --progress-spinner off $(addprefix --path ,$(wildcard .venv/lib/python3*/site-packages))

# What is in an installation, by name, version and hash, as CycloneDX: sbom.json.
sbom: .venv/installed
	@test -x .venv/sbom/bin/cyclonedx-py || { $(BIN)/python -m venv .venv/sbom && \
		.venv/sbom/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0; }
	@.venv/sbom/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-file sbom.json
	@echo "sbom.json"

# Writes requirements.txt and requirements-dev.txt of the .in files: what they need too, for every
# Python and system promised, by hash. Pins that are there stay; PINS=--upgrade asks for the newest.
PINS ?=
COMPILE = .venv/pins/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --custom-compile-command "make pins" $(PINS)
pins: .venv/installed
	@test -x .venv/pins/bin/uv || { $(BIN)/python -m venv .venv/pins && \
		.venv/pins/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9; }
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt -c requirements.txt \
		$$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.txt)

# Two at a time: types take as long as all the others.
lint: .venv/installed
	@$(MAKE) --no-print-directory --jobs 2 --output-sync .lint-types .lint-style .lint-sql

.lint-types:
	@$(BIN)/mypy

.lint-sql: .venv/sql-linted
	@:

.lint-style:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tools.pages --check

# Slow, so of the files alone that changed since it last passed.
.venv/sql-linted: pyproject.toml $(shell find queries longevity -name '*.sql')
	@$(BIN)/sqlfluff lint --processes 2 $(if $(filter pyproject.toml,$?),queries longevity,$?)
	@touch $@

docs: .venv/installed
	@$(BIN)/python -m tools.pages

# Fifty viewers for a minute, each answer held against what it should be; about three minutes.
load: setup
	@$(BIN)/python -m tools.bench --no-screens --load

# SIZES="demonstration 1m 10m" measures a million victims too, and ten; BENCH="--load --docs" also
# fifty viewers, and what is taken away.
bench: setup
	@$(BIN)/python -m tools.bench --sizes $(SIZES) $(BENCH)

calibrate: setup
	@$(BIN)/python -m tools.calibrate

# Whether anything is said otherwise than it was written down. GOLDEN=--all prints every difference.
golden: setup
	@$(BIN)/python -m tools.golden compare tests/golden $(GOLDEN)

# The pictures of the README, of the demonstration on a fixed day.
screenshots: setup
	@$(BIN)/python -m tools.screens --readme

# The height, words and charts of every screen and tab against the aims for them; some minutes.
# SCREENS="--viewers state --pictures FOLDER" hands options on.
screens: setup
	@$(BIN)/python -m tools.screens $(SCREENS)

clean:
	rm -rf .venv .chromium .mypy_cache .ruff_cache .pytest_cache .hypothesis
