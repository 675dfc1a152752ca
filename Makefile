# `make demo` and `make test` do everything from a bare checkout; a second run installs nothing again.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint types docs bench page pictures check lock model golden bench-cadence bench-site bench-calculators test-spark bench-ledger
demo: $(STAMP)
	$(BIN)/python tools/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check src tests tools bench
	$(BIN)/lint-imports

types: $(STAMP)
	$(BIN)/mypy

check: lint types

docs: requirements-docs.txt
	test -x $(VENV)-docs/bin/python || $(PYTHON) -m venv $(VENV)-docs
	$(VENV)-docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.txt
	$(VENV)-docs/bin/python -m sphinx -W -q -b html docs docs/_build

bench: $(VENV)-bench/.installed
	$(VENV)-bench/bin/python bench/reading.py --write

bench-site: $(STAMP)
	$(BIN)/python bench/site.py --write

bench-cadence: $(STAMP)
	$(BIN)/python bench/forecast.py --write
	$(BIN)/python bench/cadence.py --write

bench-calculators: $(VENV)-bench/.installed
	$(VENV)-bench/bin/python bench/calculators.py --write

# The relational definitions on Spark; needs Java. Its environment is apart, since pyspark is large.
test-spark:
	test -x $(VENV)-spark/bin/python || $(PYTHON) -m venv $(VENV)-spark
	$(VENV)-spark/bin/python -m pip install --quiet --disable-pip-version-check pytest --editable ".[calc,spark]"
	$(VENV)-spark/bin/python -m pytest tests/parity/test_spark.py

# The ledger's speed beside its peers: PostgreSQL, and where they are installed ledger and hledger. HORDAK names a Python with django-hordak.
bench-ledger: $(STAMP)
	$(BIN)/python bench/ledger.py --entries 10000 100000 1000000 --place . --hordak-python "$(HORDAK)" --write

# The page in a real browser: needs Chromium, which is not a Python package.
page: $(VENV)-bench/.installed
	$(VENV)-bench/bin/python -m pytest tests/web

pictures: $(STAMP)
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/site_pictures.py

# The site's texts for translation: src/sizhang/web/locale/en/LC_MESSAGES/django.po and what is compiled from it.
.PHONY: messages
messages: $(STAMP)
	$(BIN)/python tools/messages.py

golden: $(STAMP)
	$(BIN)/python tools/golden.py

model: $(STAMP)
	$(BIN)/python tools/train_reading.py ../shared/gold --silver tools/labels --reports ../shared/reports

lock:
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --extra postgres --extra calc --extra web --extra pdf --group dev pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --group docs pyproject.toml -o requirements-docs.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --extra calc --group bench pyproject.toml -o requirements-bench.txt

$(STAMP): requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)-bench/.installed: requirements-bench.txt pyproject.toml
	test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
