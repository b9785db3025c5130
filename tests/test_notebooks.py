"""The notebooks run from top to bottom, and are kept as they are written: without outputs, paths or counts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

import kg

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@each_notebook
def test_it_is_kept_without_what_running_it_adds(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)  # type: ignore[no-untyped-call]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None and not cell.metadata for cell in code)
    assert notebook.metadata.keys() == {"kernelspec", "language_info"}
    assert not re.search(r"""["'](/|~|[A-Z]:\\)""", "\n".join(cell.source for cell in code))


@each_notebook
def test_it_runs_and_shows_tables_plots_and_the_drawing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(kg.__file__).parents[1]))  # the kernel runs what is tested here
    folder = {file.name for file in path.parent.iterdir()}
    notebook = read(path)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = [output.data for output in outputs if output.output_type in ("display_data", "execute_result")]
    assert any("<table" in data.get("text/html", "") for data in shown)
    assert any("image/png" in data for data in shown)
    assert any("<iframe srcdoc=" in data.get("text/html", "") for data in shown)
    assert [output for output in outputs if output.output_type == "stream" and output.name == "stderr"] == []
    assert {file.name for file in path.parent.iterdir()} == folder, "running it leaves a file behind"
