import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation.codes import alert_code

LOOK_ALIKES = set("0O1IL2Z5S8BUV")


@given(st.binary(min_size=8, max_size=16))
def test_is_three_and_two_letters_without_look_alikes_or_vowels(random_bytes):
    code = alert_code(random_bytes)

    assert re.fullmatch(r"[A-Z0-9]{3}-[A-Z0-9]{2}", code)
    assert not set(code) & (LOOK_ALIKES - {"V"})
    assert not set(code) & set("AEIOU")


def test_writes_a_number_in_22_letters_lowest_place_first():
    one_of_each_place = 1 + 2 * 22 + 3 * 22**2 + 4 * 22**3 + 21 * 22**4

    assert alert_code(one_of_each_place.to_bytes(8, "big")) == "DFG-H9"


def test_refuses_too_few_bytes():
    with pytest.raises(ValueError, match="needs 8 random bytes, got 7"):
        alert_code(bytes(7))
