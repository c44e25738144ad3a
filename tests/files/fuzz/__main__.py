"""`python -m tests.files.fuzz --inputs 1000000`: so many broken files for each reader."""

import argparse
import hashlib
import sys
import time
import traceback
from pathlib import Path

from tests.files.fuzz.engine import KINDS, run

_MEMORY = 2 * 2**30
_SHOWN = 10


def main():
    parser = argparse.ArgumentParser(description="Break files and read them.")
    parser.add_argument("--inputs", type=int, default=10_000, help="for each reader")
    parser.add_argument("--reader", choices=sorted(KINDS), action="append", help="all by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds for one input")
    parser.add_argument("--real", action="store_true", help="break real files too")
    parser.add_argument("--keep", type=Path, help="a folder for what failed")
    given = parser.parse_args()
    bounded = _bound_memory()
    failed = 0
    for kind in given.reader or sorted(KINDS):
        began = time.process_time()
        for failure in run(kind, given.seed, given.inputs, limit=given.limit, real=given.real):
            failed += 1
            if failed <= _SHOWN:
                traceback.print_exception(failure.error)
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                name = hashlib.sha256(failure.data).hexdigest()[:12]
                (given.keep / f"{kind}-{name}").write_bytes(failure.data)
        took = time.process_time() - began
        _say(f"{kind}: {given.inputs} inputs in {took:.0f} s of processor time")
    _say(f"{failed} failed; memory at most {_peak_mb()} MB{'' if bounded else ' (not bounded)'}")
    return 1 if failed else 0


def _say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _bound_memory():
    try:
        import resource
    except ImportError:
        return False
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    return True


def _peak_mb():
    try:
        import resource
    except ImportError:
        return "?"
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
