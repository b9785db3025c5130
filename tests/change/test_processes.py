"""Articles are prepared by several processes: the graph is the same, and one that dies costs only what it was at."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from stub import Stub, folder_as_text

import kg
from kg.builder import build
from kg.engine import Local
from kg.errors import ExtractorError
from kg.model import Article, Extraction
from kg.ontology import Ontology

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed")
ARTICLES = 60


class Processes(Stub):
    """The stub, in processes, which some articles end or hold up."""

    in_processes = True

    def extract(self, articles: Iterable[Article], ontology: Ontology) -> Iterator[Extraction]:
        for article in articles:
            if "杀死园" in article.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if "杀一次园" in article.text and not (mark := Path(self.setting)).exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            if "不能园" in article.text:
                raise ExtractorError("it cannot go on; try later")
            if "坏园" in article.text:
                raise ValueError("boom")
            if "慢园" in article.text:
                time.sleep(0.05)
            yield from super().extract([article], ontology)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(ARTICLES):
        write(folder, number)
    return folder


def write(folder: Path, number: int, more: str = "") -> Path:
    text = f"云溪{number}园 locatedIn 晋安区\n云溪{number}园 产值 2023 {number + 1}\n福州市{more}"
    text += f"\n晶耀光电{'有限' if number % 2 else ''}公司 locatedIn 晋安区"
    path = folder / f"{number:02}.txt"
    path.write_text(text, "utf-8")
    return path


def test_the_graph_is_the_same_by_one_process_or_many(articles: Path, tmp_path: Path) -> None:
    graphs = []
    for workers in (1, 2, 8):
        report = build([articles], tmp_path / str(workers), extractor=Processes(), engine=Local(workers, few=0))
        assert (report.read, report.skipped) == (ARTICLES, ())
        graphs.append(folder_as_text(tmp_path / str(workers)))
    assert graphs[0] == graphs[1] == graphs[2]


def test_an_article_that_ends_its_process_is_named_and_costs_no_other(articles: Path, tmp_path: Path) -> None:
    bad = [write(articles, number, "\n杀死园") for number in (7, 30)]
    report = build([articles], tmp_path / "graph", extractor=Processes(), engine=Local(2, few=0))
    assert report.read == ARTICLES - 2
    reason = "could not be annotated (its process was ended by signal 9, twice); give it more memory, or leave it out"
    assert report.skipped == tuple((str(path), f"{path} {reason}") for path in bad)
    for path in bad:
        path.unlink()
    build([articles], tmp_path / "fresh", extractor=Stub())
    assert folder_as_text(tmp_path / "graph") == folder_as_text(tmp_path / "fresh")


def test_a_process_that_was_killed_by_chance_costs_nothing(articles: Path, tmp_path: Path) -> None:
    write(articles, 12, "\n杀一次园")
    stub = Processes(str(tmp_path / "killed"))
    report = build([articles], tmp_path / "graph", extractor=stub, engine=Local(2, few=0))
    assert (tmp_path / "killed").exists()
    assert (report.read, report.skipped) == (ARTICLES, ())


def test_what_an_extractor_says_is_said_by_its_process_too(articles: Path, tmp_path: Path) -> None:
    path = write(articles, 12, "\n坏园")
    report = build([articles], tmp_path / "graph", extractor=Processes(), engine=Local(2, few=0))
    assert report.read == ARTICLES - 1
    assert report.skipped[0][1].startswith(f"{path} could not be annotated (ValueError: boom)")
    write(articles, 55, "\n不能园")
    with pytest.raises(ExtractorError, match="it cannot go on; try later"):
        build([articles], tmp_path / "graph", extractor=Processes("again"), engine=Local(2, few=0))


def test_few_articles_and_extractors_that_do_not_say_so_stay_in_one_process(articles: Path, tmp_path: Path) -> None:
    few, whole = Processes(), Stub()
    build([articles], tmp_path / "few", extractor=few, engine=Local(2))
    build([articles], tmp_path / "whole", extractor=whole, engine=Local(2, few=0))
    assert len(few.read) == len(whole.read) == ARTICLES


def test_an_extractor_of_the_package_can_be_sent_to_a_process() -> None:
    from kg.extractors import Rules

    assert pickle.loads(pickle.dumps(Rules())).configuration == Rules.configuration


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_ended_ends_its_processes_and_is_made_good(articles: Path, tmp_path: Path, by: int) -> None:
    for number in range(ARTICLES):
        write(articles, number, "\n慢园")
    script = Path(__file__).with_name("ended.py")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script), str(tmp_path / "graph"), str(articles)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as building:
        assert building.stdout is not None
        lines = iter(building.stdout.readline, "")
        assert next(lines) == "begun\n"
        if by == signal.SIGINT:
            os.killpg(building.pid, by)  # as Ctrl-C does: all that belongs to the command
            assert list(lines)[-1] == "interrupted\n"
        else:
            building.kill()
    for _ in range(100):
        if not _alive(building.pid):
            break
        time.sleep(0.1)
    assert not _alive(building.pid)
    report = build([articles], tmp_path / "graph", extractor=Processes(), engine=Local(2, few=0))
    assert report.unchanged > 0
    assert report.read + report.unchanged == ARTICLES
    build([articles], tmp_path / "fresh", extractor=Stub())
    assert folder_as_text(tmp_path / "graph") == folder_as_text(tmp_path / "fresh")


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_run_the_code_of_who_began_them_whatever_the_folder_holds(articles: Path, tmp_path: Path) -> None:
    here, package = tmp_path / "here", Path(kg.__file__).parent
    shutil.copytree(package, here / "kg", ignore=shutil.ignore_patterns("weights", "__pycache__"))
    shutil.copytree(Ontology.load().folder, here / "ontology")
    with (here / "kg" / "vocab.py").open("a", encoding="utf-8") as other:
        other.write("# another ZoneKG")
    script = tmp_path / "script.py"
    script.write_text(
        "from kg.builder import build\nfrom kg.engine import Local\n"
        f"if __name__ == '__main__':\n    build([{str(articles)!r}], 'graph', engine=Local(2, few=0))\n",
        encoding="utf-8",
    )
    ended = subprocess.run(
        [sys.executable, str(script)],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(package.parent)},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, (here / "graph" / "store").exists()) == (0, True), ended.stderr.decode()
