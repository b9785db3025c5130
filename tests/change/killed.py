"""Builds on order, each in a process of its own that may be killed: ``python killed.py OUT ARTICLES...``.

A line on standard input begins a build; it says after how many seconds it is killed, if so. How it ended is said on
standard output. What a build imports is loaded once, so that a moment in a build is a moment of its work.
"""

import os
import signal
import sys
import time
from pathlib import Path

from kg.annotate.gazetteer import gazetteer
from kg.builder import build
from kg.graph import Validator
from kg.ontology import Ontology


def main() -> None:
    from stub import Stub  # it lies beside this script

    Validator(Ontology.load())
    gazetteer()
    print("ready", flush=True)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            try:
                build(sys.argv[2:], Path(sys.argv[1]), extractor=Stub())
            except BaseException as error:
                print(error, file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        if line.strip():
            time.sleep(float(line))
            os.kill(process, signal.SIGKILL)  # nobody else can be meant: it was not waited for yet
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
