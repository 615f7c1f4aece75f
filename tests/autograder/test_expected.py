"""The data that ships with the checks: fresh, small, and nothing but data."""

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.answer_key import AnswerKey
from autograder.expected import DATA, build_public_data, same_data, write_public_data
from course.exercises import load, plain, public_data


@pytest.fixture(scope="module")
def built(repository: Path) -> dict[Path, str]:
    return build_public_data(repository)


@pytest.mark.slow
def test_the_shipped_data_is_what_the_answer_key_gives(built):
    assert set(built) == set(DATA.glob("*.json"))
    for path, text in built.items():
        assert same_data(json.loads(path.read_text(encoding="utf-8")), json.loads(text)), (
            f"{path.name} is stale; write it anew with autograder.expected.write_public_data and commit it")


@pytest.mark.slow
def test_writing_twice_changes_nothing(repository: Path, built, monkeypatch, tmp_path: Path):
    monkeypatch.setattr("autograder.expected.build_public_data", lambda course: {tmp_path / p.name: t for p, t in built.items()})
    assert write_public_data(repository) == [tmp_path / p.name for p in built]
    assert write_public_data(repository) == []
    assert not list(tmp_path.glob("*.part"))


def test_it_is_small_and_holds_no_code(key: AnswerKey):
    files = list(DATA.iterdir())
    assert {f.suffix for f in files} == {".json"}
    assert sum(f.stat().st_size for f in files) < 2_000_000
    text = "".join(f.read_text(encoding="utf-8") for f in files)
    for line in key.secret_lines():
        assert len(line) < 16 or line not in text
    for word in ("def ", "lambda", "import ", "return ["):
        assert word not in text


def test_it_can_be_read_back():
    for exercise in load().values():
        expected, wrong = public_data(exercise)
        assert expected and all(plain.is_plain(e.value) for e in expected)
        assert sum(e.weight for e in expected) > 0
        assert all(len(m.outputs) == len(expected) and any(m.outputs) for m in wrong)


def test_same_data_sees_through_rounding_and_nothing_else():
    x = np.array([1.0, 2.0])
    one = {"a": plain.to_json(x), "b": [1.0, "text", None]}
    assert same_data(one, {"a": plain.to_json(x + 1e-12), "b": [1.0 + 1e-12, "text", None]})
    for other in ({"a": plain.to_json(x + 1e-3), "b": one["b"]}, {"a": one["a"], "b": [1.0, "text"]}, {"a": one["a"]},
                  {"a": plain.to_json(x.astype(np.float32)), "b": one["b"]}, {"a": one["a"], "b": [1.0, "other", None]},
                  {"a": one["a"], "b": [1.5, "text", None]}):
        assert not same_data(one, other)
