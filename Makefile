# Everything a person types. `make` alone lists the targets.

PYTHON := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 3100
ARGS ?=
DATA ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage serve bench bench-hands screenshots lock fmt

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv from requirements.lock and find, or install, a Chromium
	@scripts/setup

demo: setup ## Run one application from the API to the job board (ARGS=--once: exit with its result)
	@$(PYTHON) manage.py demo $(ARGS)

test: setup ## Run every check and test
	@scripts/check

coverage: setup ## Run the tests and say what they cover
	@$(PYTHON) -m pytest --numprocesses 2 --dist worksteal --cov --cov-report term

serve: setup ## Run the production server on HOST:PORT (127.0.0.1:3100)
	@$(PYTHON) manage.py migrate --no-input --verbosity 0
	@HOST=$(HOST) PORT=$(PORT) $(PYTHON) -m gunicorn

bench: setup ## Measure, print tables, write bench/results
	@$(PYTHON) -m bench $(ARGS)

bench-hands: setup ## Score the form engine on the data sets in DATA=dir, or on our own pages
	@mkdir -p bench/results
	@$(PYTHON) -m $(if $(DATA),bench.hands $(DATA) --json bench/results/hands.json,bench flows speed) $(ARGS)

screenshots: setup ## Take the README's pictures anew, from a scratch database
	@$(PYTHON) -m docs.screenshots

lock: setup ## Rewrite requirements.lock from pyproject.toml
	@scripts/lock

fmt: setup ## Format the code and apply the safe fixes
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .
