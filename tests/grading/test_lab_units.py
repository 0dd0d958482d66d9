"""Laboratory units: conversions, slips on both sides of each bound, and the time of a trough."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.errors import ImpossibleValueError
from alerts.grading.lab_units import (
    ANALYTES,
    is_possible,
    is_trough,
    known_unit,
    limit_slip,
    read_lab,
    slip,
    umol_per_liter,
    units,
)

DOSE_AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value", "unit", "expected"),
    [
        ("anc", 2.1, "10^9/L", 2.1),
        ("anc", 2100, "/uL", 2.1),
        ("anc", 150, "cells/µL", 0.15),
        ("anc", 0, "/uL", 0),
        ("eosinophils", 1250, "/mm3", 1.25),
        ("eosinophils", 1.25, "G/l", 1.25),
        ("alt", 161, "U/l", 161),
        ("alt", 1, "ukat/L", 60),
        ("ast", 66, "IU/L", 66),
        ("ldh", 498, "U/L", 498),
        # 1 mg/dL of bilirubin is 17.1 umol/L, of creatinine 88.4 umol/L (clinical.md 9B).
        ("bilirubin", 66.69, "umol/L", 3.9),
        ("creatinine", 123.76, "µmol/L", 1.4),
        # 1,100 ng/mL is 2.23 umol/L (clinical.md 6.4).
        ("imatinib_trough", 2.23, "umol/L", 1100.7),
        ("imatinib_trough", 1100, "ug/L", 1100),
    ],
)
def test_reads_a_value_in_every_unit(name, value, unit, expected):
    assert read_lab(name, value, unit) == pytest.approx(expected, rel=1e-4)


def test_a_trough_of_1100_nanograms_is_2_23_micromoles():
    assert umol_per_liter(1100) == pytest.approx(2.23, abs=0.005)


@pytest.mark.parametrize("name", sorted(ANALYTES))
def test_the_canonical_unit_comes_first_and_changes_nothing(name):
    first = units(name)[0]

    assert first == ANALYTES[name].unit
    assert read_lab(name, 7.25, first) == 7.25


@pytest.mark.parametrize(
    ("name", "unit"), [("anc", "mg/dL"), ("alt", "umol/L"), ("bilirubin", ""), ("ldh", "furlong")]
)
def test_refuses_a_unit_of_something_else(name, unit):
    assert known_unit(name, unit) is None
    with pytest.raises(ImpossibleValueError, match="is not counted in this unit"):
        read_lab(name, 1, unit)


def test_refuses_a_value_of_no_known_name():
    with pytest.raises(ImpossibleValueError, match="no laboratory value of this name"):
        read_lab("glucose", 1, "mg/dL")


@pytest.mark.parametrize(
    ("name", "value", "unit", "sentence"),
    [
        (
            "anc",
            2100,
            "10^9/L",
            "ANC 2100 in 10^9/L is not possible. Do you mean 2.1 x10^9/L (2100 per uL)?",
        ),
        (
            "anc",
            150,
            "10^9/L",
            "ANC 150 in 10^9/L is unusual. Do you mean 0.15 x10^9/L (150 per uL)?",
        ),
        ("anc", 2.1, "/uL", "ANC 2.1 in /uL is unusual. Do you mean 2.1 x10^9/L?"),
        (
            "eosinophils",
            1.25,
            "/uL",
            "Eosinophils 1.25 in /uL is unusual. Do you mean 1.25 x10^9/L?",
        ),
        ("alt", 2.7, "U/L", "ALT 2.7 in U/L is unusual. Do you mean 162 U/L (2.7 ukat/L)?"),
        (
            "creatinine",
            88.4,
            "mg/dL",
            "Creatinine 88.4 in mg/dL is not possible. Do you mean 1 mg/dL (88.4 umol/L)?",
        ),
        (
            "creatinine",
            1.4,
            "umol/L",
            "Creatinine 1.4 in umol/L is not possible. Do you mean 1.4 mg/dL?",
        ),
        ("ldh", 4, "U/L", "LDH 4 in U/L is unusual. Do you mean 240 U/L (4 ukat/L)?"),
        (
            "imatinib_trough",
            1100,
            "umol/L",
            "Imatinib level 1100 in umol/L is not possible. Do you mean 1100 ng/mL?",
        ),
        (
            "imatinib_trough",
            2,
            "ng/mL",
            "Imatinib level 2 in ng/mL is unusual. Do you mean 987.2 ng/mL (2 umol/L)?",
        ),
        (
            "bilirubin",
            900_000,
            "umol/L",
            "Bilirubin 900000 in umol/L is not possible. Please check the number and the unit.",
        ),
    ],
)
def test_asks_about_a_number_that_fits_another_unit(name, value, unit, sentence):
    assert slip(name, value, unit) == sentence


@pytest.mark.parametrize("name", sorted(ANALYTES))
def test_asks_on_one_side_of_each_bound_only(name):
    analyte = ANALYTES[name]
    low, high = analyte.usual.low, analyte.usual.high

    assert slip(name, low, analyte.unit) is None
    assert slip(name, high, analyte.unit) is None
    assert "is unusual" in (slip(name, low * 0.99, analyte.unit) or "")
    assert "is unusual" in (slip(name, high * 1.01, analyte.unit) or "")
    assert is_possible(name, analyte.possible.high, analyte.unit)
    assert not is_possible(name, analyte.possible.high * 1.01, analyte.unit)
    assert "is not possible" in (slip(name, analyte.possible.high * 1.01, analyte.unit) or "")


@pytest.mark.parametrize("name", sorted(set(ANALYTES) - {"creatinine"}))
def test_zero_is_a_result_and_no_slip(name):
    assert slip(name, 0, ANALYTES[name].unit) is None


def test_no_creatinine_at_all_is_not_possible():
    assert not is_possible("creatinine", 0, "mg/dL")


@pytest.mark.parametrize(
    ("name", "limit", "unit", "question"),
    [
        ("alt", 43, "ukat/L", "Do you mean 43 U/L?"),
        ("creatinine", 106, "mg/dL", "Do you mean 1.2 mg/dL (106 umol/L)?"),
        ("bilirubin", 1.3, "umol/L", "Do you mean 1.3 mg/dL?"),
        ("eosinophils", 500, "10^9/L", "Do you mean 0.5 x10^9/L (500 per uL)?"),
    ],
)
def test_asks_about_a_limit_of_another_unit(name, limit, unit, question):
    found = limit_slip(name, limit, unit)

    assert found is not None
    assert found.startswith("An upper limit of ")
    assert found.endswith(question)


# The limits of the published course (seed 000) and of a laboratory that counts in SI units.
@pytest.mark.parametrize(
    ("name", "limit", "unit"),
    [
        ("alt", 43, "U/L"),
        ("ast", 38, "U/L"),
        ("bilirubin", 1.3, "mg/dL"),
        ("bilirubin", 21, "umol/L"),
        ("creatinine", 1.3, "mg/dL"),
        ("creatinine", 106, "umol/L"),
        ("ldh", 472, "U/L"),
        ("anc", 8.0, "10^9/L"),
        ("imatinib_trough", 9, "ng/mL"),
    ],
)
def test_believes_the_limits_of_real_laboratories(name, limit, unit):
    assert limit_slip(name, limit, unit) is None


# Fewer than 22 hours after a once-daily dose is no trough (clinical.md 6.4).
@pytest.mark.parametrize(
    ("hours", "expected"), [(21.99, False), (22, True), (24, True), (2, False)]
)
def test_a_level_drawn_early_is_no_trough(hours, expected):
    assert is_trough(DOSE_AT + timedelta(hours=hours), DOSE_AT) is expected


def test_nothing_is_said_about_a_trough_without_both_times_or_with_two_doses_a_day():
    assert is_trough(None, DOSE_AT) is None
    assert is_trough(DOSE_AT, None) is None
    assert is_trough(DOSE_AT + timedelta(hours=11), DOSE_AT, once_daily=False) is None
