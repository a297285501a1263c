# Everything a developer types. `make` alone lists the targets; nothing needs to be installed first but Python.

VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Two processes, one file of tests at a time in each: fits made once for a file are not made again elsewhere.
# WORKERS=0 runs everything in one process, which a debugger needs.
WORKERS ?= 2
ARGS    ?=
QUICK   ?=
# Which versions to install: CONSTRAINTS=/dev/null takes the newest that are allowed.
CONSTRAINTS ?= constraints.txt
# Byte code is made by all processors afterwards: pip makes it with one.
INSTALL  = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c $(CONSTRAINTS) -e
COMPILE := $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
PAGES   := $(patsubst notebooks/%.ipynb,build/notebooks/%.html,$(wildcard notebooks/*.ipynb))

.DEFAULT_GOAL := help
.PHONY: help setup demo test slow coverage check format bench constraints notation ledger docs gallery notebooks clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with the pinned versions of everything (quick when it is there)

demo: $(READY) ## a real experiment, or the shipped simulated one, from table to verdict and report
	$(BIN)/estimation demo $(ARGS)

# Each process multiplies matrices in one thread: more would wait for those of the other.
test slow coverage: export OPENBLAS_NUM_THREADS := 1

test: $(READY) ## the fast tests; ARGS="-k trust" picks some
	$(BIN)/pytest -m "not slow" -n $(WORKERS) --dist loadfile $(ARGS)

slow: $(READY) ## the long tests: many fits on fixed seeds
	$(BIN)/pytest -m slow -n $(WORKERS) --dist loadfile $(ARGS)

coverage: $(BIN)/coverage ## which lines and branches the fast tests reach, also in processes that they start (an hour)
	$(BIN)/pytest -m "not slow" -n $(WORKERS) --dist loadfile --cov --cov-report=term --cov-report=html:build/coverage $(ARGS)

check: $(READY) ## rules of style, safety, format and types, and known flaws of dependencies
	@status=0; \
	for rule in "ruff check" "ruff format --check" "mypy" "python .ci/dependencies.py audit"; do \
	  echo "$(BIN)/$$rule"; $(BIN)/$$rule || status=1; \
	done; \
	exit $$status

format: $(READY) ## put every file into the project's format, and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY) ## how fast the engine is, one line per benchmark
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

constraints: $(READY) ## write constraints.txt from what .venv holds now (after changing a dependency)
	$(BIN)/pip freeze --exclude-editable | grep '==' | LC_ALL=C sort -f > constraints.new
	mv constraints.new constraints.txt
	touch $(READY)

notation: $(READY) ## write NOTATION.md, and parameters on pages of theories, from the declarations in the code
	$(BIN)/python docs/site/theory_tables.py
	$(BIN)/python tests/notation.py > NOTATION.new
	mv NOTATION.new NOTATION.md

ledger: $(READY) ## compute every published result anew and write docs/replication.md (ten minutes)
	$(BIN)/estimation reproduce --all --markdown > replication.new
	mv replication.new docs/replication.md

docs: $(BIN)/sphinx-build ## build the documentation site into build/site; its links are checked, warnings are errors
	$(BIN)/python docs/site/make_site.py

gallery: $(READY) ## draw the figures of docs/reports/gallery.md, and those of theories, anew (minutes)
	$(BIN)/python docs/site/gallery.py
	$(BIN)/python docs/site/theory_figures.py

notebooks: $(READY) $(PAGES) ## run every notebook and make a page of each in build/notebooks (QUICK=1: few people and draws)

# Cells run in a folder of the build, for they write reports. A page gets its name when it is complete, so that what was
# interrupted is run again, and what is there is not.
build/notebooks/%.html: notebooks/%.ipynb
	@mkdir -p build/notebooks && cp -R notebooks/example build/notebooks && cp $< build/notebooks/running_$*.ipynb
	@echo "$< …"
	@$(if $(QUICK),ESTIMATION_NOTEBOOK_QUICK=1) $(BIN)/jupyter-nbconvert --log-level=ERROR --to notebook --execute \
	  --KernelManager.transport=ipc --KernelManager.ip="$$(mktemp -d)/kernel" \
	  --output $*.ipynb build/notebooks/running_$*.ipynb
	@$(BIN)/jupyter-nbconvert --log-level=ERROR --to html --template page \
	  --TemplateExporter.extra_template_basedirs=notebooks --output running_$*.html build/notebooks/$*.ipynb
	@sed 's|\(href="[a-z_]*\)\.ipynb"|\1.html"|g' build/notebooks/running_$*.html > build/notebooks/running_$*.page
	@mv build/notebooks/running_$*.page $@ && rm build/notebooks/running_$*.*

clean: ## remove .venv and every cache
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last: a set-up that was interrupted starts again, a finished one costs nothing.
$(READY): pyproject.toml constraints.txt
	@$(MAKE_VENV)
	@echo "Installing the pinned versions into $(VENV): a minute or two …"
	@$(INSTALL) ".[dev,notebooks]"
	@$(COMPILE)
	@echo "Compiling loops, so that the first fit need not …"
	@$(BIN)/python -m estimation.jobs.compiled
	@touch $@
	@echo "Ready: $$($(BIN)/python --version), $(VENV)"

$(BIN)/sphinx-build: $(READY)
	@echo "Installing what the documentation needs into $(VENV) …"
	@$(INSTALL) ".[docs]"
	@$(COMPILE)
	@touch $@

$(BIN)/coverage: $(READY)
	@echo "Installing what measures coverage into $(VENV) …"
	@$(INSTALL) ".[coverage]"
	@$(COMPILE)
	@touch $@

# A Python of at least 3.12: the one asked for (make setup PYTHON=/path/to/python), the usual names, pyenv's
# versions (newest first), or one that uv finds or brings. A name that exists may still not run (pyenv's shims of
# versions that are not active), so each candidate is tried.
define MAKE_VENV
suits() { "$$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }; \
if suits $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1; then exit 0; fi; \
for python in $(PYTHON) python3.13 python3.12 \
    $$(ls -d "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python 2>/dev/null | sort -rV) \
    python3.14 python3 python; do \
  if suits "$$python"; then \
    echo "Making $(VENV) with $$python …"; \
    rm -rf $(VENV); exec "$$python" -m venv $(VENV); \
  fi; \
done; \
if command -v uv >/dev/null 2>&1; then \
  echo "Making $(VENV) with uv …"; \
  rm -rf $(VENV); exec uv venv --quiet --seed --python '>=3.12' $(VENV); \
fi; \
echo "No Python 3.12 or newer was found. Install one, or name it: make setup PYTHON=/path/to/python3.13" >&2; \
exit 1
endef
