"""What a lying process answers is refused or counts against it; nothing that it claims is believed."""

import socket
import threading
import time

import numpy as np
import pytest

from autograder import remote
from autograder.protocol import Channel, Reference, WireError, pack
from autograder.remote import RemoteBackend
from autograder.replies import checked
from course.exercises.backend import Failed, Remote
from course.exercises.namespace import Namespace

BAD = {
    "no list": {"value": 1},
    "too short": ["value", 1],
    "a kind that is an array": [np.zeros(2), 1, False, []],
    "an unknown kind": ["mark", 1, False, []],
    "bytes as a value": ["value", b"x", False, []],
    "a function as a reference": ["remote", ["os.system", "x"], False, []],
    "a negative number": ["remote", [-1, "x"], False, []],
    "a huge number": ["remote", [2**70, "x"], False, []],
    "true as a number": ["remote", [True, "x"], False, []],
    "a description that is no text": ["remote", [1, ["x"]], False, []],
    "an unknown failure": ["failed", ["full marks", "", "", []], False, []],
    "a failure that is an array": ["failed", [np.zeros(2), "", "", []], False, []],
    "a message that is no text": ["failed", ["raised", "E", 10**999, []], False, []],
    "lines that are no texts": ["failed", ["raised", "E", "", [1]], False, []],
    "lines that are no list": ["failed", ["raised", "E", "", "abc"], False, []],
    "deep": ["value", [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]], False, []],
}


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD.keys())
def test_an_answer_of_the_wrong_form_is_refused(reply):
    with pytest.raises(WireError):
        checked(reply)
    assert asked(pack(reply)).kind == "ended"


def test_claims_are_kept_to_what_they_may_say():
    assert checked(["value", [np.ones(2)], "yes", [-1, 0, 10**30, "a", True, 0]]).aliased == (0, 10**30)
    assert not checked(["value", 1, 1, "abc"]).changed_arguments and checked(["value", 1, True, []]).changed_arguments
    student = Namespace(Scripted(["value", [np.ones(2)], False, [7, 10**30]]))
    assert np.array_equal(student.f[0], np.ones(2)) and not student._take_record(None)[1]


class Scripted:
    """A backend that gives one checked answer."""

    def __init__(self, reply: list) -> None:
        self.reply = reply

    def perform(self, *_args):
        return checked(self.reply)


def test_texts_are_cut_and_cannot_move_a_cursor():
    description = checked(["remote", [1, "\x1b[2J\u202eevil" + "x" * 500], False, []]).value.description
    assert len(description) == 200 and description.isprintable()
    failed = checked(["failed", ["raised", "E\r" * 80, "two\nlines\x07" + "y" * 500, ["\x00"] * 9], False, []]).value
    assert "\r" not in failed.error and failed.message.startswith("two\nlines\N{REPLACEMENT CHARACTER}y")
    assert len(failed.message) == 300 and len(failed.lines) == 3


def test_a_sentence_that_is_told_for_hidden_seeds_is_our_own():
    reply = ["failed", ["missing", "NameError", "the hidden input is 0.123", []], False, []]
    assert checked(reply, "relu").value.message == "there is no relu yet: run the cell that defines it"
    assert "0.123" not in str(checked(reply).value)


def asked(*answers: bytes, function=len, seconds: float = 0.2, then=None) -> Failed:
    """Ask a process that gives these answers, whatever it is asked, and return what comes of it."""
    ours, theirs = socket.socketpair()

    def lie() -> None:
        try:
            for data in answers:
                theirs.sendall(len(data).to_bytes(4, "big") + data)
            if then:
                then(theirs)
        except (OSError, WireError):
            pass

    thread = threading.Thread(target=lie)
    thread.start()
    backend = RemoteBackend(Channel(ours), seconds, theirs.close)
    try:
        return backend.perform("call", Reference(0), (function,), {}).value
    finally:
        ours.close()
        thread.join()
        theirs.close()


def test_calling_back_for_ever_is_too_slow():
    start, calls = time.monotonic(), []

    def for_ever(theirs):
        channel = Channel(theirs)
        channel.receive(5, resolve=int)
        while True:
            channel.send(["callback", 0, [1]], 5)
            channel.receive(5, resolve=int)

    assert asked(function=calls.append, then=for_ever).kind == "too slow"
    assert len(calls) > 10 and time.monotonic() - start < 30


def test_calling_back_without_waiting_for_answers_ends_too():
    def flood(theirs):
        while True:
            theirs.sendall(pack_framed(["callback", 0, [1]]))

    assert asked(function=lambda x: "y" * 1000, then=flood).kind == "too slow"


def pack_framed(value) -> bytes:
    return len(pack(value)).to_bytes(4, "big") + pack(value)


@pytest.mark.parametrize(("number", "args"), [
    (1, [1]), (-1, [1]), (True, [1]), ("os.system", ["true"]), (0, [b"x"]), (0, "abc"), (0, {"x": 1}), (0, [[b"x"]]), ([0], [1]),
])
def test_a_function_that_was_not_passed_or_arguments_that_are_not_plain_are_not_called(number, args):
    calls = []
    assert asked(pack(["callback", number, args]), pack(["value", 1, False, []]), function=calls.append) == 1
    assert not calls


def test_a_function_of_the_probe_cannot_ask_while_the_student_waits():
    ours, theirs = socket.socketpair()
    backend, got = RemoteBackend(Channel(ours), 1.0, lambda: None), []
    for answer in (["callback", 0, [1]], ["value", 2, False, []]):
        theirs.sendall(pack_framed(answer))
    assert backend.perform("call", Reference(0), (lambda x: got.append(backend.perform("name", "g", (), {})),), {}).value == 2
    assert got[0].value.kind == "unusable"
    ours.close()
    theirs.close()


def test_all_answers_of_an_exercise_together_are_bounded(monkeypatch):
    monkeypatch.setattr(remote, "EXERCISE_BYTES", 10_000)
    many = [pack(["callback", 0, [np.ones(100)]])] * 20
    assert asked(*many[:3], pack(["value", 1, False, []])) == 1
    assert asked(*many, pack(["value", 1, False, []])).kind == "ended"


def test_an_exercise_without_time_left_is_too_slow_and_not_ended(monkeypatch):
    monkeypatch.setattr(remote, "EXERCISE_SECONDS", -1.0)
    assert asked(pack(["value", 1, False, []])).kind == "too slow"


def test_numbers_of_objects_are_only_ever_sent_back():
    reply = checked(["remote", [4_000_000_000, "x"], False, []]).value
    assert isinstance(reply, Remote) and reply.reference == 4_000_000_000
