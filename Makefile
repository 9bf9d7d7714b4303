# make demo   the whole loop on the sample workspace, from nothing
# make test   the whole test suite, from nothing
# make check  lint, types and layers of the code
# make browser  the pages of the preview in a real browser, each sentence of what they promise
# make spark  what runs on a real Spark, with two worker processes
# make fuzz   the long runs: fuzzing and heavy simulations
# make bench  speed and memory beside a peer, in one run
# make peers  packages of npm that the long tests and the benchmarks compare with
# make pages  write docs/rules, docs/compliance.md and docs/reference from the code
# make examples  run the examples of the docs, and write what they print into them
# make docs   the documentation as a site, in site/
# make screenshots  take the pictures of the preview that the docs show
# make agreement  compare the counts of short messages with them, write the page

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
READY := $(VENV)/.ready
SERVERS := $(VENV)/.servers
PEERS := tests/peers/node_modules/.package-lock.json

.PHONY: setup demo test check browser spark fuzz bench peers screenshots agreement pages examples docs clean

setup: $(READY)

$(READY): pyproject.toml
	@sh scripts/setup.sh "$(PYTHON)" "$(VENV)"
	@touch $(READY)

$(SERVERS): $(READY) scripts/servers.sh
	@sh scripts/servers.sh
	@touch $(SERVERS)

demo: $(READY)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/demo.sh

test: $(READY)
	@sh scripts/servers.sh postgres chromium
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

browser: $(READY)
	@sh scripts/servers.sh chromium
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "browser and not fuzz"

spark: $(SERVERS)
	$(BIN)/python -m pytest -q -m "spark and not fuzz"

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

peers: $(PEERS)

$(PEERS): tests/peers/package.json tests/peers/package-lock.json
	@command -v npm >/dev/null || { echo "peers: npm is not there; install node 20 with npm" >&2; exit 2; }
	cd tests/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

pages: $(READY)
	$(BIN)/python scripts/rule_pages.py
	$(BIN)/python scripts/compliance_page.py
	$(BIN)/python scripts/reference_pages.py

examples: $(READY)
	PYTHONPATH=tests/docs $(BIN)/python tests/docs/rewrite.py

docs: $(READY)
	$(BIN)/zensical build --clean --strict

screenshots: $(READY)
	@sh scripts/servers.sh chromium
	$(BIN)/python scripts/screenshots.py

agreement: $(READY) $(PEERS)
	$(BIN)/python tests/peers/sms_agreement.py

fuzz: $(SERVERS) $(PEERS)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m fuzz

bench: $(READY)
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

clean:
	rm -rf $(VENV) tests/peers/node_modules build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
