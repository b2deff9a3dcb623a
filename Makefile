# Every target makes what it needs: the virtual environment first, then the system's own libraries.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
DEMO_ARGS ?=
TEST_ARGS ?=
LOAD_ARGS ?=
# One process a core, for what needs neither a browser nor an office nor services of its own.
TOGETHER := -n auto --dist worksteal
# A file's stories share a browser's site or an office's run.
BY_FILE := -n auto --dist loadfile
PLAIN := not browser and not office and not services
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.PHONY: demo test scale faults bench load lint lock format sbom audit system-run system-test
.DEFAULT_GOAL := demo

# Set up everything, load the founding briefing, score it, write the reports, serve. Ctrl-C stops it.
demo: $(VENV)/.runtime system-run
	$(PY) manage.py demo $(DEMO_ARGS)

# Every check there is, the browser's included.
test: lint system-test
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py collectstatic --noinput --verbosity 0
	$(PY) -m pytest $(TOGETHER) -m "$(PLAIN)" $(TEST_ARGS)
	$(PY) -m pytest $(BY_FILE) -m "(browser or office) and not services" $(TEST_ARGS)
	$(PY) -m pytest -m services $(TEST_ARGS)
	.ci/second-run $(TOGETHER) -m "$(PLAIN)" $(TEST_ARGS)

# No page asks more of the database with 10,000 assessments than with ten; SCALE says how many instead.
scale: $(VENV)/.dev
	SCALE=$${SCALE:-10000} $(PY) -m pytest tests/scale -s $(TEST_ARGS)

# Nothing is lost: processes killed at each step and at any moment, servers restarted and emptied, disks full,
# clocks wrong. It takes long and prints what it counted; `make test` tries some of each.
faults: $(VENV)/.dev system-test
	FAULTS=full $(PY) -m pytest tests/faults -s $(TEST_ARGS)

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/.dev
	$(PY) bench/score_bench.py
	$(PY) bench/import_bench.py
	$(PY) bench/report_bench.py
	$(PY) bench/pages_bench.py

# Half an hour of mixed work on two web processes and two workers, PostgreSQL and Redis; see bench/load.py.
load: $(VENV)/.dev
	$(PY) bench/load.py $(LOAD_ARGS)

# Ranges in pyproject.toml become exact, hashed pins; no index is named.
lock: $(VENV)/.dev
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

# What an installation is made of, with licences: CycloneDX, checked against its schema. SBOM says where to.
sbom: $(VENV)/.dev
	$(PY) .ci/parts.py sbom $${SBOM:-dist/riskassess.cdx.json}

# Known vulnerabilities of the pinned parts. It asks PyPI, and fails where PyPI cannot be asked about each of them.
audit: $(VENV)/.dev
	$(PY) .ci/parts.py audit

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/.runtime

system-run:
	@sh .ci/system-libraries run

system-test:
	@sh .ci/system-libraries test
