"""Threads that meet at the first answer of a kind."""

import os
import subprocess
import sys

import pytest

MEETING = """
import os, sys, threading
from hive_desktop.plaidkit import client, decoders, wire

answer = wire.Answer(200, b'{"item": {"item_id": "i"}, "status": null}')
sys.setswitchinterval(1e-6)

def meet():
    gate = threading.Barrier(4)
    def read():
        gate.wait()
        wire.decode(answer, decoders.ITEM)
    threads = [threading.Thread(target=read) for _ in range(4)]
    for one in threads: one.start()
    for one in threads: one.join()

for _ in range(40):
    pid = os.fork()
    if pid == 0:
        meet()
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        sys.exit(f"ended with {code}")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to begin anew forty times")
def test_threads_that_meet_at_a_first_answer_all_read_it():
    run = subprocess.run(
        [sys.executable, "-c", MEETING], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
