"""Builds by two processes, and says when it has begun: ``python ended.py OUT ARTICLES``."""

import sys
from pathlib import Path

from kg.builder import build
from kg.engine import Local


def main() -> None:
    from test_processes import Processes  # they lie beside this script

    def on_article(_: str, done: int, __: int) -> None:
        if done == 5:
            print("begun", flush=True)

    report = build(
        [sys.argv[2]], Path(sys.argv[1]), extractor=Processes(), engine=Local(2, few=0), on_article=on_article
    )
    print("interrupted" if report.interrupted else "done", flush=True)


if __name__ == "__main__":
    main()
