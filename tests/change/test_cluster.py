"""Articles are prepared by a Ray cluster, here one on this machine: the graph is that of one process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stub import Stub, folder_as_text
from test_processes import Processes, write

from kg.builder import build
from kg.engine import Cluster
from kg.errors import KgError

ray = pytest.importorskip("ray", reason="Ray is not installed (pip install 'zonekg[ray]')")


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    os.environ.setdefault("RAY_raylet_start_wait_time_s", "300")  # a busy machine takes longer than Ray waits
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    ray.init(
        "local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        _node_ip_address="127.0.0.1",
        runtime_env={"env_vars": {"PYTHONPATH": paths}},
    )
    yield
    ray.shutdown()


def test_the_graph_is_that_of_one_process_and_a_worker_that_dies_costs_one_article(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(40):
        write(folder, number)
    bad = write(folder, 13, "\n杀死园")
    report = build([folder], tmp_path / "graph", extractor=Processes(), engine=Cluster())
    [(place, reason)] = report.skipped
    assert (report.read, place) == (39, str(bad))
    assert "could not be annotated (its process died twice: WorkerCrashedError)" in reason
    bad.unlink()
    build([folder], tmp_path / "whole", extractor=Stub())
    assert folder_as_text(tmp_path / "graph") == folder_as_text(tmp_path / "whole")


def test_an_extractor_that_does_not_say_it_may_is_refused(tmp_path: Path) -> None:
    write(tmp_path, 1)
    with pytest.raises(KgError, match="leave out --engine ray"):
        build([tmp_path], tmp_path / "graph", extractor=Stub(), engine=Cluster())
