PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test learn clean

demo: $(BIN)/python
	$(BIN)/pip install --quiet .
	$(BIN)/kg build data/articles --out graph
	$(BIN)/kg validate graph
	$(BIN)/kg summary graph
	$(BIN)/kg query graph zones-by-area
	$(BIN)/kg query graph projects-and-investors
	$(BIN)/kg query graph leading-industries
	$(BIN)/kg draw graph -o graph.html

test: $(BIN)/python
	$(BIN)/pip install --quiet -e '.[test]'
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q

learn: $(BIN)/python
	$(BIN)/pip install --quiet -e '.[learn]'
	$(BIN)/python -m kg.learn tagger data/training --tune data/gold/tuning
	$(BIN)/python -m kg.learn facts data/training --tune data/gold/tuning

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) graph graph.html
