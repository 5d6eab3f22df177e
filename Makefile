# ThrillWiki's commands. `make run` and `make test` are all that a fresh clone needs.

UV := bin/uv
# What pytest is told: a process a core, unless said otherwise (make test PYTEST="-k merge").
PYTEST ?= -n auto --maxprocesses 4 --dist worksteal

# Each of the dozens of processes that a test run starts would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test coverage check bench css vendor format tools chromium

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: tools ## Serve the wiki at http://localhost:8000/ (or PORT), filled with a sample at first
	@exec .venv/bin/python manage.py run

test: tools chromium ## Run all tests, those in a browser too
	@.venv/bin/python -m pytest $(PYTEST)

coverage: tools chromium ## Run all tests, and say which lines none of them runs; takes twice as long
	@.venv/bin/python -m pytest $(PYTEST) --cov

check: tools ## Check format, lint, types, the order of the rooms, migrations, deployment, CSS
	@.ci/check

bench: tools ## Measure, as ratios to plain SQL and to django-simple-history
	@THRILLWIKI_HOME="$(CURDIR)/.thrillwiki/bench" .venv/bin/python -m tests.benchmarks

css: tools ## Build static/css/app.css
	@.venv/bin/tailwindcss --minify -i static/src/app.css -o static/css/app.css

vendor: ## Build static/vendor/ and the tests' axe-core from npm (needs Node; seldom needed)
	@npm ci --prefix static/src --ignore-scripts --no-audit --no-fund
	@node static/src/vendor.mjs
	@node static/src/world.mjs
	@node static/src/fonts.mjs

format: tools ## Format the code
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

# Compiled at once, not by whichever processes are first.
tools:
	@$(UV) sync --locked --quiet --compile-bytecode

chromium: tools
	@.venv/bin/python -m tests.e2e.chromium
