"""Typed temperatures: what is read, what is refused, and what to do instead."""

import pytest

from diary_app.state.typed_temperature import may_be_fever, read_temperature


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("38,5", "C", 38.5),
        ("38.5", "C", 38.5),
        (" 38.5 °C", "C", 38.5),
        ("101", "F", 101.0),
        ("34", "C", 34.0),
        ("43.0", "C", 43.0),
        ("93", "F", 93.0),
        ("109.5", "F", 109.5),
    ],
)
def test_reads_what_a_thermometer_can_show(text: str, unit: str, value: float) -> None:
    read = read_temperature(text, unit)

    assert (read.value, read.problem, read.is_plausible) == (value, "", True)


@pytest.mark.parametrize(
    ("text", "unit", "other_unit"), [("101", "C", "F"), ("38.4", "F", "C"), ("38,4", "F", "C")]
)
def test_asks_for_the_other_unit_when_the_number_fits_there(
    text: str, unit: str, other_unit: str
) -> None:
    read = read_temperature(text, unit)

    assert read.other_unit == other_unit
    assert f"Did you mean {text} °{other_unit}?" in read.problem
    assert read.can_be_kept


def test_offers_the_forgotten_decimal_point() -> None:
    read = read_temperature("385", "C")

    assert read.other_text == "38.5"
    assert "Did you mean 38.5 °C?" in read.problem


@pytest.mark.parametrize("text", ["-1", "0", "60", "33.9", "43.1"])
def test_keeps_an_impossible_number_for_the_rules_but_says_so(text: str) -> None:
    read = read_temperature(text, "C")

    assert read.value == float(text)
    assert not read.is_plausible
    assert "is not possible" in read.problem


@pytest.mark.parametrize("text", ["", "  ", "warm", "38.5.1", "38,5 38,6", "1e3", "nan"])
def test_reads_no_number_from_anything_else(text: str) -> None:
    read = read_temperature(text, "C")

    assert read.value is None
    assert read.problem
    assert not read.can_be_kept


def test_takes_a_number_as_a_possible_fever_in_either_unit() -> None:
    assert may_be_fever(38.0, "C")
    assert may_be_fever(101, "C")
    assert may_be_fever(100.4, "F")
    assert not may_be_fever(37.0, "C")
    assert not may_be_fever(98.6, "F")
