# Everything a person types. `make help` lists it. Needs Python 3.11 to 3.13 and make, nothing else.
PYTHON ?= $(firstword $(foreach v,python3.13 python3.12 python3.11 python3,$(if $(shell $(v) -c 'import sys; print(1 if (3, 11) <= sys.version_info < (3, 14) else "")' 2>/dev/null),$(v))))
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SIZE ?= S
SERVICENOW_LOG ?= ../shared/data/servicenow/incident_event_log.csv.gz

.PHONY: help demo test test-fast selftest lint servicenow bench bench-controls bench-training causes sample docs clean
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11 to 3.13 was found. Install one, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Installing into $(VENV) with $(PYTHON) (one to three minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -c "from orchestration.dbt import ensure_manifest; ensure_manifest()" > /dev/null
	@touch $(STAMP)

demo: $(STAMP) ## Install, then run the main job on data/sample
	@PREAUDIT_HOME=$(CURDIR)/var $(BIN)/preaudit demo

test: $(STAMP) ## All tests, on two cores
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

test-fast: $(STAMP) ## Only the tests under three seconds
	@$(BIN)/python -m pytest -m "not slow"

# An empty home, so that the code alone is judged: the data of an installation may lack what a control needs.
selftest: $(STAMP) ## Plant a violation of every control and see that it is noticed
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && PREAUDIT_HOME="$$home" $(BIN)/preaudit controls selftest

lint: $(STAMP) ## Linters and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint dbt_project/models --processes 2 --disable-progress-bar
	@$(BIN)/dbt --quiet parse --project-dir dbt_project --profiles-dir dbt_project
	@$(BIN)/dbt-bouncer run --config-file dbt-bouncer.yml

# Nine weeks hold too few 30-day windows to judge a forecast, so the horizon is a week here.
servicenow: $(STAMP) ## Run on the real ServiceNow incident log (SERVICENOW_LOG=path)
	@test -f "$(SERVICENOW_LOG)" || { echo "$(SERVICENOW_LOG) is not there: name the log with SERVICENOW_LOG=path"; exit 1; }
	@mkdir -p var/servicenow/landing/servicenow/history
	@cp -p "$(SERVICENOW_LOG)" var/servicenow/landing/servicenow/history/incident_event_log.csv.gz
	@PREAUDIT_HOME=$(CURDIR)/var/servicenow PREAUDIT_HORIZON_DAYS=7 $(BIN)/preaudit run --source servicenow --landing var/servicenow/landing

bench: $(STAMP) ## Speed and memory (SIZE=S or M), written to benchmarks/README.md
	@$(BIN)/python -m benchmarks.run --size $(SIZE)

bench-controls: $(STAMP) ## What one day of all controls costs (SIZE=S or M)
	@$(BIN)/python -m benchmarks.controls --size $(SIZE)

bench-training: $(STAMP) ## What training costs at 10,000 agents, 52 dates, 20 controls and 100 features
	@$(BIN)/python -m benchmarks.training

causes: $(STAMP) ## After `make demo`: how often the reasons name the cause that the simulation planted
	@PREAUDIT_HOME=$(CURDIR)/var $(BIN)/python -m console.planted_causes

sample: $(STAMP) ## Make data/sample again
	@$(BIN)/python -m simulation.sample

docs: $(STAMP) ## Write docs/controls and docs/features.md again, from the library, the models and the catalogue
	@$(BIN)/python -m console.control_docs
	@$(BIN)/python -m console.feature_docs

clean: ## Remove run state (not the installation)
	rm -rf var dbt_project/target dbt_project/logs
