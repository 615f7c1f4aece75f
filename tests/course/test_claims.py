import numpy as np
import pytest

from course.claims import Claim, VerdictTable, spread


def test_spread_is_the_median_and_the_range():
    assert spread([3.0, 1.0, 2.0], ".1f", " %") == "2.0 (1.0 to 3.0) %"
    assert spread(np.array([1e-9, 3e-9]), ".0e") == "2e-09 (1e-09 to 3e-09)"


def test_a_table_has_a_row_a_claim():
    table = VerdictTable([Claim("D1", "deeper is worse", "12 %", "does not hold", "He 2015")], seeds=3)
    head, line, row = table._repr_markdown_().splitlines()
    assert "median of 3 seeds" in head and set(line) == set("|- ")
    assert row == "| **D1** | deeper is worse | 12 % | **does not hold** | He 2015 |"
    assert repr(table) == "D1: does not hold (12 %)"


def test_a_verdict_is_one_of_four():
    with pytest.raises(ValueError, match="D1 is 'maybe'; it has to be one of holds, "):
        Claim("D1", "", "", "maybe", "")
