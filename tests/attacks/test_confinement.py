"""Every attack of confinement/, against every backend that this machine offers."""

import importlib.util
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.remote import CellEndedProcess, StudentProcess
from autograder.sandbox.none import Unconfined
from course.exercises.namespace import Namespace
from tests.attacks.conftest import available

ATTACKS = {p.stem: p for p in sorted((Path(__file__).parent / "confinement").glob("*.py"))}
SECONDS = 20.0
pytestmark = pytest.mark.slow


def works_unconfined(name: str) -> bool:
    spec = importlib.util.spec_from_file_location(name, ATTACKS[name])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.WORKS_UNCONFINED


def attack(backend, name: str, bait: dict) -> str:
    """Run an attack as a cell, and again from a graded function, and return what it got, in its own words."""
    process = StudentProcess(backend)
    got = []
    try:
        ok, outputs = process.run_cell(ATTACKS[name].read_text(), SECONDS)
        assert ok, outputs
        try:
            process.run_cell(f"bait = {bait!r}\ngot = attack(bait)", SECONDS)
            _, outputs = process.run_cell("print(repr(globals().get('got') or None))", SECONDS)
            got.append(outputs[0]["text"].strip() if outputs else "None")
            process.run_cell("def tried(x):\n    return repr(attack(bait) or None)", SECONDS)
            answer = Namespace(copy := process.probe(2.0)).tried(np.ones(1))
            got.append(answer if type(answer) is str else "None")
            copy.close()
        except CellEndedProcess:
            pass
    finally:
        start = time.monotonic()
        process.close()
    assert time.monotonic() - start < 5, "it could not be ended"
    return "; ".join(g for g in got if g != "None")[:1000]


@pytest.mark.parametrize("backend", available())
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gets_nothing_and_harms_nobody(name, backend, host):
    bait, harm = host
    got = attack(backend(), name, bait)
    assert (got, harm()) == ("", []), ATTACKS[name].read_text().splitlines()[0]


@pytest.mark.parametrize("name", [n for n in ATTACKS if works_unconfined(n)])
def test_the_attack_would_work_unconfined(name, host):
    """An attack that fails for a reason of its own would prove nothing."""
    got = attack(Unconfined(), name, host[0])
    assert got or host[1]()
