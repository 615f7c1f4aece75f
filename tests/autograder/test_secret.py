"""The secret seed: one for a course, however many ask for it first."""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from autograder.course_folder import CourseProblem
from autograder.secret import NAME, secret_seed


def test_all_who_ask_at_once_get_the_same(tmp_path):
    for n in range(20):
        (folder := tmp_path / str(n)).mkdir()
        with ThreadPoolExecutor(4) as pool:
            assert len({seed.result() for seed in [pool.submit(secret_seed, folder) for _ in range(4)]}) == 1
        assert (folder / NAME).stat().st_mode & 0o077 == 0
    with get_context("fork").Pool(4) as processes:
        (folder := tmp_path / "processes").mkdir()
        assert len(set(processes.map(secret_seed, [folder] * 8))) == 1


def test_a_file_that_was_left_empty_is_filled(tmp_path):
    (tmp_path / NAME).touch()
    assert secret_seed(tmp_path) == secret_seed(tmp_path) > 0


@pytest.mark.parametrize("content", [b"many words", b"\xff\xfe1", b"-3", "\u00b2".encode()])
def test_what_is_no_number_is_said_and_kept(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(CourseProblem, match="does not hold a number"):
        secret_seed(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content
