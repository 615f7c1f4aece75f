"""Handles, failures, and what is noticed about a call."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.exercises.backend import Failed, ProbeStopped
from course.exercises.local import Local
from course.exercises.namespace import Handle, Namespace


def outcome(function, *args, **kwargs):
    """Call a student's function as a probe does; return the value, whether an argument changed, whether memory is shared."""
    student = Namespace(Local({"f": function}))
    value = student.f(*args, **kwargs)
    record, shares = student._take_record(value)
    return value, record.changed_arguments, shares


X = np.random.default_rng(0).normal(size=(3, 4))


def test_a_handle_equals_nothing_is_neither_true_nor_false_and_holds_no_items():
    class Everything:
        def __eq__(self, other):
            return True

        def __bool__(self):
            return True

        def __float__(self):
            return 1.0

        def __iter__(self):
            return iter([1, 2])

        __hash__ = None

    handle, _, _ = outcome(Everything)
    assert isinstance(handle, Handle)
    assert not (handle == 1) and handle != handle
    for use in (bool, float, list, np.asarray, len):
        with pytest.raises(ProbeStopped):
            use(handle)


@given(st.sampled_from(["x + 1", "1 - x", "x @ x", "2 / x", "x ** 2", "-x", "x.grad", "x.item(3)", "x(1, a=2)", "x * X", "X * x", "X @ x"]))
def test_a_failure_stays_a_failure_whatever_is_done_with_it(text):
    failed = Failed("raised", "ValueError", "no")
    assert eval(text, {"x": failed, "X": X}) is failed


def test_a_failure_among_the_arguments_is_the_result_and_calls_nothing():
    called = []
    value, _, _ = outcome(called.append, Failed("raised"))
    assert isinstance(value, Failed) and not called
    with pytest.raises(ProbeStopped):
        list(Failed("raised"))


@pytest.mark.parametrize(("function", "kind"), [
    (lambda x: exec("raise NotImplementedError"), "not attempted"),
    (lambda x: 1 / 0, "raised"),
    (lambda: 0, "raised"),
    (3, "raised"),
])
def test_what_a_call_may_come_to(function, kind):
    value, _, _ = outcome(function, 1)
    assert isinstance(value, Failed) and value.kind == kind


def test_a_missing_name_is_said_and_a_slow_call_too():
    missing = Namespace(Local({})).relu
    assert missing.kind == "missing" and "relu" in missing.message
    slow = Namespace(Local({"f": lambda: sum(range(3_000_000))}, seconds=0.001)).f()
    assert slow.kind == "too slow"


def _changes(x):
    x[0] = 0.0
    return x.copy()


def _changes_and_restores(x):
    old = x[0].copy()
    x[0] = 0.0
    x[0] = old
    return x.copy()


@pytest.mark.parametrize(("function", "changed", "shares"), [
    (lambda x: 2 * x, False, False),
    (lambda x: x.copy().T, False, False),
    (lambda x: (2 * x)[:, 1:], False, False),
    (lambda x: x, False, True),
    (lambda x: x.T, False, True),
    (lambda x: [2 * x, x[1:2]], False, True),
    (lambda x: x.reshape(-1), False, True),
    (lambda x: x[[0, 1]], False, False),
    (_changes, True, False),
    (_changes_and_restores, False, False),
    (lambda x: np.add(x, 1, out=x), True, True),
])
def test_changed_arguments_and_shared_memory_are_noticed_and_not_falsely(function, changed, shares):
    _, found_changed, found_shares = outcome(function, X.copy())
    assert (found_changed, found_shares) == (changed, shares)


@pytest.mark.parametrize("function", [lambda items: items.append(np.ones(2)), lambda items: items.__setitem__(0, np.zeros(2)),
                                      lambda items: items.clear()])
def test_a_list_that_is_changed_is_noticed(function):
    _, changed, _ = outcome(lambda items: (function(items), 1.0)[1], [np.ones(2), np.ones(3)])
    assert changed


def test_a_dict_that_is_emptied_is_noticed():
    _, changed, _ = outcome(lambda parents: parents[1].pop(), {1: [2, 3]})
    assert changed


@pytest.mark.parametrize(("argument", "change", "noticed"), [
    ({1: [2, 3], 2: []}, lambda d: d.update({1: d.pop(1)}), False),
    ({1: [2, 3], 2: []}, lambda d: d[2].append(1), True),
    ({1: [2, 3], 2: []}, lambda d: d.update({1: (2, 3)}), False),
    ({1: [2, 3], 2: []}, lambda d: d.update({3: []}), True),
    ({"a": 1, "b": 2.0}, lambda d: d.update(a=True), True),
    ({"a": 1, "b": 2.0}, lambda d: d.update(a=np.int64(1)), True),
    ([1, 2, 3], lambda a: a.reverse(), True),
    ([1, 2, 3], lambda a: a.__setitem__(0, 1.0), True),
    ([1, 2, 3], lambda a: a.__setitem__(0, np.ones(2)), True),
    ([float("nan"), "text", None], lambda a: a.append(a.pop()), False),
    ([0.0], lambda a: a.__setitem__(0, -a[0]), False),
    (np.array([0.0, np.nan]), lambda a: np.negative(a, out=a), False),
    (np.array([0.0, np.nan]), lambda a: a.__setitem__(1, 1.0), True),
    (np.arange(6.0), lambda a: setattr(a, "shape", (2, 3)), True),
    (np.arange(6), lambda a: setattr(a, "dtype", np.uint64), False),
])
def test_a_change_is_one_of_content_not_of_order_or_sign_of_zero(argument, change, noticed):
    _, changed, _ = outcome(lambda given: (change(given), 1.0)[1], argument)
    assert changed == noticed


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=4)
                    | st.tuples(inner) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=4), max_leaves=20))
def test_what_nobody_touched_is_unchanged_and_its_copy_is_equal_and_apart(value):
    got, changed, _ = outcome(lambda given: given, [value])
    assert not changed and repr(got) == repr([value]) and got[0] is not value if isinstance(value, (list, dict)) else not changed


def test_what_is_the_students_own_may_be_changed_and_handed_back():
    student = Namespace(Local({"make": lambda: [np.ones(2)], "use": lambda own: (own.pop(), own)[0]}))
    cache = student.make.keep()
    value = student.use(cache)
    record, shares = student._take_record(value)
    assert np.array_equal(value, np.ones(2)) and not record.changed_arguments and not shares


def test_leaving_python_is_an_error_like_any_other():
    value, _, _ = outcome(lambda: exec("raise SystemExit"))
    assert value.error == "SystemExit"


def test_generators_are_copies():
    rng = np.random.default_rng(0)
    value, _, _ = outcome(lambda g: g.normal(), rng)
    assert value == np.random.default_rng(0).normal() == rng.normal()


def test_a_call_is_remembered_with_the_arguments_as_they_were():
    student = Namespace(Local({"f": _changes}))
    x = X.copy()
    student.f(x)
    record, _ = student._take_record(None)
    (name, (argument,), _), = record.calls
    assert name == "f" and np.array_equal(argument, X)


def test_kept_results_stay_behind_and_their_items_can_be_taken():
    student = Namespace(Local({"f": lambda: (1.5, [2])}))
    kept = student.f.keep()
    assert isinstance(kept, Handle) and kept.item(0) == 1.5
    assert isinstance(kept.item(1, keep=True), Handle)
    assert kept.item(5).error == "IndexError"


def test_operators_and_attributes_reach_the_object_from_either_side():
    class Two:
        __array_ufunc__ = None
        name = "two"

        def __add__(self, other):
            return f"+{np.shape(other)}"

        __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __pow__ = __add__

        def __neg__(self):
            return "-"

    two = Namespace(Local({"Two": Two})).Two()
    assert two.name == "two" and -two == "-" and two.nothing.error == "AttributeError"
    for result in (two + X, X + two, two - 1, X - two, two * X, X * two, two / X, X / two, two @ X, X @ two, two**2):
        assert result in ("+(3, 4)", "+()")


def test_attributes_can_be_assigned_and_what_was_assigned_stays_the_probes_own():
    class Box:
        value = 0.0

        def double(self):
            self.value *= 2
            return self.value

        @property
        def fixed(self):
            return 1

    box, x = Namespace(Local({"Box": Box})).Box(), X.copy()
    assert box.assign("value", x) is None
    assert np.array_equal(box.double(), 2 * X) and np.array_equal(x, X)
    assert box.assign("fixed", 2).error == "AttributeError"


def silenced(x):
    with np.errstate(over="ignore"):
        return np.exp(x)


@pytest.mark.parametrize(("function", "loud"), [
    (np.exp, True), (lambda x: x / np.zeros_like(x), True), (lambda x: np.exp(-x), False), (silenced, False), (lambda x: np.where(x > 0, 0.0, np.exp(x)), True)])
def test_a_quiet_call_takes_a_warning_for_an_error(function, loud):
    student, x = Namespace(Local({"f": function})), np.array([1000.0])
    with np.errstate(all="ignore"):  # whatever was set outside, numpy's own settings count
        value = student.f.quietly(x)
        assert not isinstance(student.f(x), Failed), "a plain call goes on"
    assert isinstance(value, Failed) == loud
    if loud:
        assert (value.kind, value.error) == ("raised", "RuntimeWarning") and "encountered in" in value.message


def test_a_quiet_call_is_a_call_in_all_else():
    def f(x):
        x += 1.0
        return x

    student, x = Namespace(Local({"f": f})), X.copy()
    value = student.f.quietly(x)
    record, shares = student._take_record(value)
    assert record.changed_arguments and shares and record.calls[0][0] == "f"


def test_only_the_students_own_lines_are_shown(tmp_path):
    file = tmp_path / "answer.py"
    file.write_text("import numpy as np\n\ndef f(x):\n    return np.linalg.inv(x[:2])\n")
    names: dict = {}
    exec(compile(file.read_text(), str(file), "exec"), names)
    failed = Namespace(Local(names)).f(X)
    assert failed.error == "LinAlgError"
    assert failed.lines == ("line 4 in f: return np.linalg.inv(x[:2])",)


def test_an_exception_that_cannot_be_written_is_told_all_the_same():
    class Sly(Exception):
        def __str__(self):
            raise RuntimeError

    def f():
        raise Sly

    failed = Namespace(Local({"f": f})).f()
    assert failed.error == "Sly" and failed.message == ""
