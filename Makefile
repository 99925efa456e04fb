PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SAMPLE := sample_videos/seated_ankle_pumps.mp4
ANNOTATED := out/seated_ankle_pumps.annotated.mp4

.PHONY: help demo test lint check clean

help:
	@echo "make demo    set up, and count the reps of a sample video"
	@echo "make test    set up, and run the tests"
	@echo "make check   ruff, mypy and the tests"
	@echo "make clean   remove what the others made"

demo: $(VENV)/.installed
	@mkdir -p $(dir $(ANNOTATED))
	@$(BIN)/posecount analyze $(SAMPLE) --video $(ANNOTATED)
	@echo "See it counted: $(CURDIR)/$(ANNOTATED)"

test: $(VENV)/.developing
	$(BIN)/pytest --numprocesses 2 --dist loadfile

lint: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

clean:
	rm -rf $(VENV) out .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The stamps are newer than pyproject.toml once its packages are installed.
$(VENV)/.installed: pyproject.toml
	@PYTHON=$(PYTHON) sh tools/libraries.sh
	@echo "Setting up $(VENV); this takes a minute or two."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -qq --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed
	@$(BIN)/pip install -qq --disable-pip-version-check --editable '.[dev]'
	@touch $@
