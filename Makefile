# Each target sets up what it needs; a second run finds it done.
#   make crawl                              crawl the replica forum of the tests
#   make crawl URL=https://forum.example/ [ARGS="-a max_threads=10"]
#   make cluster [THREADS=60 WORKERS=2]     the same over two Scrapyd nodes on this machine, and compare with the truth
#   make test | bench | bars | lock | fmt | clean
PYTHON ?= python3
export PYTHON URL

BIN := .venv/bin
RUN := .venv/installed-run
DEV := .venv/installed-dev
CHROMIUM := .venv/installed-chromium

# Fast tests first; folders that are not named here come last.
ORDER := $(wildcard $(addprefix tests/,text items pages stats storage download gate pipelines spiders frontier commands replica_tests))
FOLDERS := $(filter-out $(ORDER) tests/__pycache__,$(patsubst %/,%,$(wildcard tests/*/)))
TESTS := $(ORDER) $(FOLDERS) $(wildcard tests/test_*.py)

CORPUS := $(or $(FORUMCRAWL_CORPUS),$(wildcard ../shared/fixtures))
PAGES := $(wildcard $(if $(CORPUS),$(CORPUS)/xenforo/*.html,tests/pages/fixtures/ThreadPage/*/page.html))
BENCHES := $(filter-out __init__ parsing growing bars%,$(patsubst bench/%.py,%,$(wildcard bench/*.py)))

.PHONY: crawl cluster test bench bars lock fmt clean

crawl: $(RUN)
ifeq ($(URL),)
	@$(BIN)/python -m tests.replica --threads 60 --language ar --news 40 -- \
	    $(BIN)/scrapy crawl forum -s HOST_DELAY=0 -s IMAGES_STORE= $(ARGS)
else
	@$(BIN)/scrapy crawl forum -a "url=$$URL" $(ARGS)
endif

cluster: $(RUN)
	@$(BIN)/python -m tests.cluster --threads $(or $(THREADS),60) --workers $(or $(WORKERS),2)

test: $(DEV) $(CHROMIUM)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict
	@$(BIN)/lint-imports
	@$(BIN)/pytest --numprocesses 3 --dist load $(TESTS)

bench: $(DEV)
	@$(BIN)/python -m bench.parsing $(PAGES)
	@set -e; for name in $(BENCHES); do $(BIN)/python -m bench.$$name; done

# The promises at full size, some hours; [BARS="kills memory"] for some of them.
bars: $(DEV) $(CHROMIUM)
	@$(BIN)/python -m bench.bars $(BARS)

# Universal: the same files serve every Python from 3.11 on.
lock:
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --upgrade pip uv
	@set -e; for name in run dev; do \
	    build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	        --no-header --no-annotate --output-file lock/$$name.txt lock/$$name.in; done

fmt: $(DEV)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# The archive in .forumcrawl stays.
clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): lock/run.txt
	@sh deploy/setup.sh $<
	@touch $@

$(DEV): lock/dev.txt
	@sh deploy/setup.sh $<
	@touch $@ $(RUN)

$(CHROMIUM): $(DEV)
	@sh deploy/chromium.sh
	@touch $@
