# One command for everything that is done with this tree. It needs make and Python 3.11 or later, and nothing else;
# whatever it needs on top it installs, pinned and checked by hash, into .venv and .cache.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
REQUIREMENTS ?= requirements/dev.txt
LRS_BRIDGE_CACHE ?= .cache
export LRS_BRIDGE_CACHE

BIN := $(VENV)/bin
MADE := $(VENV)/made-from-$(notdir $(REQUIREMENTS))
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
# The lowest suitable interpreter: what runs there runs on the later ones, and the other way round nobody knows.
# Set PYTHON to choose another.
FIND_PYTHON = for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	"$$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; candidate=; \
	done; test -n "$$candidate" || { echo "No Python 3.11 or later with venv found; set PYTHON=/path/to/python"; exit 1; }

LEARNING_LOCKER := $(LRS_BRIDGE_CACHE)/learning-locker
RALPH := $(LRS_BRIDGE_CACHE)/ralph

.PHONY: help
help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)$$/  make \1\t\2/' | expand -t 24

.PHONY: venv
venv: $(MADE) ## Make the virtual environment in .venv (PYTHON=… chooses the interpreter)

$(MADE): $(REQUIREMENTS) pyproject.toml
	@$(FIND_PYTHON); test -x $(BIN)/python || "$$candidate" -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r $(REQUIREMENTS)
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: demo
demo: $(MADE) ## Show the whole way on an invented organisation (SERVE=0 stops after printing)
	$(BIN)/lrs-bridge demo $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: test
test: $(MADE) ## Run every test (TESTS=tests/rules for a part, PYTEST_ARGS="-k name" for more)
	@$(MAKE) --no-print-directory real-servers || echo "The tests that need those servers cannot run."
	$(BIN)/python -m pytest --numprocesses=2 $(PYTEST_ARGS) $(TESTS)

.PHONY: quick
quick: $(MADE) ## Run the tests that need no server, no browser and little time
	$(BIN)/python -m pytest --numprocesses=2 -m "not real_server and not browser and not slow" $(PYTEST_ARGS) $(TESTS)

.PHONY: check
check: $(MADE) ## Check format, lint, types, floors, pins and the tree itself
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest --quiet $(addprefix tests/repository/,test_documents.py test_pins.py test_tree.py)

.PHONY: bench
bench: $(MADE) ## Measure the speed, as ratios in one run
	$(BIN)/python -m benchmarks

.PHONY: faults
faults: $(MADE) ## Try every way in which an LRS can misbehave (FAULTS="hanging flood" for some)
	PYTHONPATH=tests $(BIN)/python -m trials.faults $(FAULTS)

MINUTES ?= 10

.PHONY: fuzz
fuzz: $(MADE) ## Send hostile statements the whole way, for MINUTES=10, and then the giants (FUZZ=--documents: hostile rules)
	PYTHONPATH=tests $(BIN)/python -m trials.fuzz --minutes $(MINUTES) $(FUZZ)

.PHONY: crash
crash: $(MADE) ## Kill the program KILLS times (200) on each database, and compare what comes of it with a life undisturbed
	PYTHONPATH=tests $(BIN)/python -m trials.crash $(or $(KILLS),200) $(SEED)

.PHONY: hands
hands: $(MADE) ## Let many processes and people work at once, kill some, and compare with one alone (HANDS="--rounds 3" for less)
	PYTHONPATH=tests $(BIN)/python -m trials.hands $(HANDS)

.PHONY: real-servers
real-servers: $(LEARNING_LOCKER)/installed-from $(RALPH)/installed-from ## Install the LRS servers that the tests talk to (npm, pip)

# The copy of the pins is written last, so that half an installation never counts as one.
$(LEARNING_LOCKER)/installed-from: tests/support/learning_locker/package-lock.json
	rm -rf $(LEARNING_LOCKER)
	mkdir -p $(LEARNING_LOCKER)
	cp tests/support/learning_locker/package.json $< $(LEARNING_LOCKER)
	cd $(LEARNING_LOCKER) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@cp $< $@

$(RALPH)/installed-from: tests/support/ralph/requirements.txt | $(MADE)
	rm -rf $(RALPH)
	mkdir -p $(dir $(RALPH))
	$(BIN)/python -m venv $(RALPH)
	$(RALPH)/bin/python $(PIP_INSTALL) --require-hashes -r $<
	@cp $< $@

# One resolution for all supported versions of Python; the smaller files are cut out of the largest.
PIN := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --annotation-style line --custom-compile-command "make pins"

.PHONY: pins
pins: $(MADE) ## Pin the requirements anew (UPGRADE=1 takes the newest versions)
	$(BIN)/$(PIN) $(if $(UPGRADE),--upgrade) --all-extras --output-file requirements/dev.txt pyproject.toml
	$(BIN)/$(PIN) --extra postgres --extra redis --extra test --constraint requirements/dev.txt \
		--output-file requirements/test.txt pyproject.toml
	$(BIN)/$(PIN) --extra postgres --extra redis --constraint requirements/dev.txt \
		--output-file requirements/runtime.txt pyproject.toml
	$(BIN)/$(PIN) $(if $(UPGRADE),--upgrade) --output-file tests/support/ralph/requirements.txt \
		tests/support/ralph/requirements.in

.PHONY: wheel
wheel: $(MADE) ## Build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

.PHONY: clean
clean: ## Remove what was built and cached, but for the environment and the servers
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -not -path './$(LRS_BRIDGE_CACHE)/*' -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove the environment and the servers as well
	rm -rf $(VENV) $(LRS_BRIDGE_CACHE)
