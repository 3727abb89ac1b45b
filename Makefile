# Two commands do everything: `make pipeline` and `make test`.
#   make pipeline RAW=目录 PROCESSED=目录 REPORTS=目录 OPTIONS="--genre work_report"

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RAW ?= data/raw
PROCESSED ?= data/processed
REPORTS ?= reports
OPTIONS ?=
# What bench-accuracy measures: a corpus with known truth (reports with .json beside them), labelled sentences, misses to list.
TRUTH ?= ../shared/demo
GOLD ?= ../shared/gold/*.jsonl
OWN_GOLD := tests/measures/gold_quantities.jsonl tests/truth/quantities.jsonl
ERRORS ?= 0
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: pipeline test lint types unit browser docs notebook bench bench-accuracy clean

pipeline: $(VENV)/.installed
	$(BIN)/hengbao run --raw "$(RAW)" --processed "$(PROCESSED)" --reports "$(REPORTS)" $(OPTIONS)

test: $(VENV)/.installed-dev lint types unit

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check pipeline tests data notebooks

types: $(VENV)/.installed-dev
	$(BIN)/mypy

unit: $(VENV)/.installed-dev browser
	$(BIN)/python -m pytest -n 2

# The explorer is tried in Chromium. Debian has it as a package; where it cannot be installed those tests are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && timeout 600 sh -c \
	    'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends chromium' >/dev/null 2>&1; } || \
	echo "没有 Chromium，也装不上：浏览器里的测试将略过"

docs: $(VENV)/.installed-dev
	$(BIN)/python -m tests.docs --write

# Speed and memory on a generated corpus; BENCH=quick leaves out 10,000 reports, BENCH=full adds 100,000.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench $(BENCH)

# Precision and recall; what is not there is left out with a line that says so.
bench-accuracy: $(VENV)/.installed
	@for folder in "$(TRUTH)" tests/truth; do \
	    if [ -d "$$folder" ]; then $(BIN)/hengbao evaluate --truth "$$folder" --errors $(ERRORS); \
	    else echo "没有真值语料 $$folder，略去；可用 TRUTH=文件夹 指定"; fi; done
	@for file in $(GOLD) $(OWN_GOLD); do \
	    if [ -f "$$file" ]; then $(BIN)/hengbao evaluate --quantities "$$file" --errors $(ERRORS); \
	    else echo "没有标注的句子 $$file，略去；可用 GOLD=文件.jsonl 指定"; fi; done

notebook: $(VENV)/.installed-dev
	$(BIN)/jupyter lab notebooks

clean:
	rm -rf data/processed/.cache data/processed/*.parquet reports/charts reports/departments reports/briefing.pdf \
	    reports/tables.xlsx reports/explorer.html reports/run.json

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "hengbao 需要 Python 3.11 或更高版本")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) --editable ".[dev,notebook,cluster]"
	touch $@
