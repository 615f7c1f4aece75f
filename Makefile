# Type `make` to see what there is. Needs Python 3.11 or newer and nothing else; everything is installed into .venv.
PYTHON ?= python3
VENV ?= .venv
PINS ?= constraints.txt
EXTRAS ?= dev
LAB_ARGS ?=
RUN := $(VENV)/bin
READY := $(VENV)/.installed
TEST_ENV := OPENBLAS_NUM_THREADS=1 MPLBACKEND=Agg
PYTEST := $(TEST_ENV) $(RUN)/pytest
NBVAL := $(PYTEST) notebooks --nbval --nbval-current-env --nbval-sanitize-with tests/notebooks/nbval.cfg

.DEFAULT_GOAL := help
.PHONY: help lab formgrader test test-fast test-all lint pytest numbers nbval grade notebooks torch oldest newest clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name what; do printf '%-16s %s\n' "$$name" "$$what"; done

lab: $(READY)  ## open the notebooks as a student, in lab/; LAB_ARGS="--port 9000" is passed on to JupyterLab
	@$(RUN)/python -m autograder.lab $(LAB_ARGS)

formgrader: $(READY)  ## open the course folder in nbgrader's formgrader, to mark by hand
	@$(RUN)/python -m autograder.lab --formgrader $(LAB_ARGS)

test: lint pytest nbval  ## all that CI runs: style, types, tests, every notebook run again and compared

test-fast: lint  ## the same without notebooks, browser and slow tests: under two minutes
	$(PYTEST) -n 2 --dist loadfile -m "not slow and not browser"

test-all: torch  ## before a release: more seeds, every sandbox, PyTorch, oldest and newest numpy and matplotlib
	$(MAKE) test SEEDS=20 EVERY_BACKEND=1
	$(MAKE) oldest newest SEEDS=20

grade: $(READY)  ## grade the bundled sample class, from release to feedback and marks
	$(RUN)/autograder demo

notebooks: $(READY)  ## build and run the notebooks whose text changed
	$(RUN)/autograder build

lint: $(READY)  ## style and types only
	$(RUN)/ruff check .
	$(RUN)/mypy

pytest: $(READY)  ## tests only; those with a browser by themselves, since they have time limits
	$(PYTEST) -n 2 --dist loadfile -m "not browser"
	$(PYTEST) -m browser

numbers: $(READY)  ## those tests alone that a version of numpy or matplotlib can change
	$(PYTEST) -n 2 --dist loadfile -m "not browser" tests/course tests/notebooks tests/autograder

nbval: $(READY)  ## run every notebook and compare with the outputs stored in it
	$(NBVAL) -n 2 --dist loadfile

torch: $(READY)  ## install PyTorch, with which the layers are compared
	$(RUN)/pip install --quiet -c $(PINS) -e ".[torch]"

oldest:  ## the tests with the oldest numpy and matplotlib that we support
	mkdir -p .venv-oldest
	sed -E '/^(numpy|matplotlib|contourpy|torch)==/d' constraints.txt > .venv-oldest/pins.txt
	printf 'numpy==1.26.0\nmatplotlib==3.9.0\n' >> .venv-oldest/pins.txt
	$(MAKE) numbers nbval VENV=.venv-oldest PINS=.venv-oldest/pins.txt

newest:  ## the tests with the newest of everything
	rm -rf .venv-newest  # else what it has counts as new enough
	mkdir .venv-newest && : > .venv-newest/pins.txt
	$(MAKE) numbers nbval VENV=.venv-newest PINS=.venv-newest/pins.txt

clean:  ## remove the environments; your work in lab/, submitted/ and the gradebook stays
	rm -rf .venv .venv-oldest .venv-newest

$(READY): pyproject.toml autograder/pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo 'This course needs Python 3.11 or newer, and "$(PYTHON)" is not one: install it, or say which to take with make PYTHON=/path/to/python3.' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'Python cannot make an environment here, because its venv module is not installed (on Debian and Ubuntu: apt install python3-venv).' >&2; exit 1; }
	@echo 'Installing into $(VENV); the first time this takes a minute or two.'
	@$(PYTHON) -m venv $(VENV)
	@$(RUN)/pip install --quiet --disable-pip-version-check -c $(PINS) -e ".[$(EXTRAS)]" -e autograder
	@touch $@
