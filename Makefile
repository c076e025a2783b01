# Two commands are all a newcomer needs: `make demo` and `make test`. Both do their own set-up.
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench soak docs clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(STAMP): pyproject.toml tools/setup.sh
	bash tools/setup.sh $(VENV)
	touch $(STAMP)

setup: $(STAMP)  ## make the virtual environment and install everything

demo: $(STAMP)  ## one invented day of parcels through the whole walk, printed
	$(VENV)/bin/pratique demo

test: $(STAMP)  ## all tests, PostgreSQL included
	bash tools/postgres.sh
	bash tools/softhsm.sh
	$(PYTHON) -m pytest

check: $(STAMP)  ## format, lint, types, import map, law, generated documents
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/pratique law check
	$(PYTHON) tools/generate_docs.py --check

docs: $(STAMP)  ## regenerate docs/reference
	$(PYTHON) tools/generate_docs.py

bench: $(STAMP)  ## every benchmark, each prints its figure as JSON
	$(PYTHON) benchmarks/run.py

soak: $(STAMP)  ## long runs: kill -9 on both databases, mutations, forged evidence, fuzzing
	bash tools/postgres.sh
	$(PYTHON) soak/kill9.py --store sqlite --rounds 50
	$(PYTHON) soak/kill9.py --store postgresql --rounds 50
	$(PYTHON) soak/kill9.py --store sqlite --rounds 5 --acknowledge-before-commit
	$(PYTHON) soak/power_cut.py --cuts 10000
	$(PYTHON) soak/power_cut.py --cuts 2000 --synchronous NORMAL
	$(PYTHON) soak/power_cut.py --cuts 2000 --synchronous OFF
	$(PYTHON) soak/exchange_mutations.py --each 25000
	$(PYTHON) soak/evidence.py --bundles 1000 --forgeries 20 --bytes 1000
	PYTHONPATH=. $(PYTHON) soak/matrix.py
	$(PYTHON) soak/read_audit.py --rounds 100
	$(PYTHON) soak/read_audit.py --rounds 10 --tell-before-commit
	$(PYTHON) soak/edifact.py --runs 1000000
	$(PYTHON) -m pip install -q 'atheris>=2.3,<4'
	$(PYTHON) soak/ens_rules.py
	for parser in aed csv cuscar ens postal wco; do $(PYTHON) fuzz/run.py --parser $$parser --runs 1000000; done

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
