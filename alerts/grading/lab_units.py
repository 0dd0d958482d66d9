"""Laboratory units: what each value is counted in, and numbers that hint at another unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.errors import ImpossibleValueError
from alerts.grading.limits import Range
from alerts.grading.reasons import plain

CELLS = "10^9/L"
IMATINIB_G_PER_MOL = 493.6
TROUGH_AFTER = timedelta(hours=22)


@dataclass(frozen=True, slots=True)
class Analyte:
    """One laboratory value and how it is counted.

    Attributes:
        label: Its name in a sentence.
        unit: The canonical unit; the ranges are in it.
        factors: Accepted unit -> factor to the canonical unit, the canonical one first.
        possible: Outside of it no result is believed.
        usual: Outside of it the unit is asked about; 0 is a result and is not asked about.
        likely: A reading in another unit that is offered lies within it; None = ``usual``.
        upper_limits: Plausible upper limits of normal; None where laboratories give none.
    """

    label: str
    unit: str
    factors: Mapping[str, float]
    possible: Range
    usual: Range
    upper_limits: Range | None = None
    likely: Range | None = None


_CELLS = {CELLS: 1.0, "/uL": 0.001}
# 1 U = 1 umol/min and 1 kat = 1 mol/s, so 1 ukat = 60 U exactly.
_ENZYME = {"U/L": 1.0, "ukat/L": 60.0}

# Factors: clinical.md 9B; 17.1 and 88.4 agree with the molar masses of bilirubin, 584.7 g/mol,
# and creatinine, 113.1 g/mol; imatinib free base 493.6 g/mol. The ranges are design choices:
# "possible" lies beyond every reported result, "usual" where the same number in another unit is
# the likelier reading.
ANALYTES: Mapping[str, Analyte] = {
    "anc": Analyte("ANC", CELLS, _CELLS, Range(0, 500), Range(0.02, 50), Range(3, 20)),
    "eosinophils": Analyte(
        "Eosinophils", CELLS, _CELLS, Range(0, 200), Range(0.01, 30), Range(0.2, 2)
    ),
    "alt": Analyte("ALT", "U/L", _ENZYME, Range(0, 50_000), Range(6, 10_000), Range(15, 150)),
    "ast": Analyte("AST", "U/L", _ENZYME, Range(0, 50_000), Range(6, 10_000), Range(15, 150)),
    "bilirubin": Analyte(
        "Bilirubin",
        "mg/dL",
        {"mg/dL": 1.0, "umol/L": 1 / 17.1},
        Range(0, 80),
        # Over 10 mg/dL a normal result in umol/L, or one of 5 mg/dL and more, is likelier.
        Range(0.1, 10),
        Range(0.5, 3),
        Range(0.1, 50),
    ),
    "creatinine": Analyte(
        "Creatinine",
        "mg/dL",
        {"mg/dL": 1.0, "umol/L": 1 / 88.4},
        Range(0.05, 50),
        Range(0.2, 20),
        Range(0.5, 3),
    ),
    "ldh": Analyte("LDH", "U/L", _ENZYME, Range(0, 100_000), Range(50, 20_000), Range(100, 1000)),
    "imatinib_trough": Analyte(
        "Imatinib level",
        "ng/mL",
        {"ng/mL": 1.0, "umol/L": IMATINIB_G_PER_MOL},
        Range(0, 50_000),
        Range(20, 10_000),
    ),
}
SPELLINGS: Mapping[str, str] = {
    "10^9/l": CELLS,
    "x10^9/l": CELLS,
    "10e9/l": CELLS,
    "g/l": CELLS,
    "gpt/l": CELLS,
    "10^3/ul": CELLS,
    "10*3/ul": CELLS,
    "k/ul": CELLS,
    "/ul": "/uL",
    "cells/ul": "/uL",
    "/mm3": "/uL",
    "cells/mm3": "/uL",
    "u/l": "U/L",
    "iu/l": "U/L",
    "ukat/l": "ukat/L",
    "mg/dl": "mg/dL",
    "umol/l": "umol/L",
    "ng/ml": "ng/mL",
    "ug/l": "ng/mL",
}


def units(name: str) -> tuple[str, ...]:
    """Return the accepted units of a value, the canonical one first."""
    return tuple(_analyte(name).factors)


def known_unit(name: str, unit: str) -> str | None:
    """Return a unit as it is spelled here; None when it is no unit of this value.

    ``g/L`` is read as giga per liter for cells, as laboratories of Europe print it.
    """
    plain_unit = unit.strip().lower().replace(" ", "").replace("µ", "u").replace("μ", "u")
    spelled = SPELLINGS.get(plain_unit)
    return spelled if spelled in _analyte(name).factors else None


def read_lab(name: str, value: float, unit: str) -> float:
    """Return a value in the canonical unit of its kind.

    Args:
        name: One of ``ANALYTES``.
        value: As the laboratory gave it, in ``unit``.
        unit: As the laboratory gave it; common spellings are understood.

    Raises:
        ImpossibleValueError: If the unit is none of this value, or the name is unknown.
    """
    known = known_unit(name, unit)
    if known is None:
        given = ", ".join(units(name))
        raise ImpossibleValueError(
            f"{_analyte(name).label} is not counted in this unit. Use one of: {given}.", name
        )
    # Rounded so that 2100 per uL is 2.1 and not a hair beside it.
    return float(f"{value * _analyte(name).factors[known]:.12g}")


def is_possible(name: str, value: float, unit: str) -> bool:
    """Return whether a result can be believed at all; raises what `read_lab` raises."""
    return _within(_analyte(name).possible, read_lab(name, value, unit))


def slip(name: str, value: float, unit: str) -> str | None:
    """Return the question to ask when a number hints at another unit; None when it does not.

    Args:
        name: One of ``ANALYTES``.
        value: As typed, in ``unit``.
        unit: As chosen.

    Raises:
        ImpossibleValueError: If the unit is none of this value, or the name is unknown.
    """
    analyte, canonical = _analyte(name), read_lab(name, value, unit)
    possible = _within(analyte.possible, canonical)
    if possible and (canonical == 0 or _within(analyte.usual, canonical)):
        return None
    verdict = "is unusual" if possible else "is not possible"
    likely = analyte.likely or analyte.usual
    return _question(name, f"{analyte.label} {_shown(value)}", value, unit, verdict, likely)


def limit_slip(name: str, upper_limit: float, unit: str) -> str | None:
    """Return the question to ask about an upper limit that no laboratory gives in this unit."""
    analyte = _analyte(name)
    if analyte.upper_limits is None or _within(
        analyte.upper_limits, read_lab(name, upper_limit, unit)
    ):
        return None
    what = f"An upper limit of {_shown(upper_limit)} for {analyte.label}"
    return _question(name, what, upper_limit, unit, "is unusual", analyte.upper_limits)


def umol_per_liter(ng_per_ml: float) -> float:
    """Return an imatinib level in umol/L: 1 ng/mL is 1 ug/L, and 493.6 ug are 1 umol."""
    return ng_per_ml / IMATINIB_G_PER_MOL


def is_trough(
    sampled_at: datetime | None, last_dose_at: datetime | None, *, once_daily: bool = True
) -> bool | None:
    """Return whether an imatinib level was drawn late enough to be a trough.

    Args:
        sampled_at: Instant of the sample; None = unknown.
        last_dose_at: Instant of the last dose before it; None = unknown.
        once_daily: Whether imatinib is taken once a day; 800 mg are taken in two doses.

    Returns:
        None when it cannot be said.

    Source:
        Sampling just before the next dose; fewer than 22 hours after a once-daily dose is a
        design choice (clinical.md 6.4).
    """
    if sampled_at is None or last_dose_at is None or not once_daily:
        return None
    return sampled_at - last_dose_at >= TROUGH_AFTER


def _analyte(name: str) -> Analyte:
    try:
        return ANALYTES[name]
    except KeyError:
        raise ImpossibleValueError("There is no laboratory value of this name.", name) from None


def _question(name: str, what: str, value: float, unit: str, verdict: str, likely: Range) -> str:
    analyte, given = _analyte(name), known_unit(name, unit)
    start = f"{what} in {given} {verdict}."
    for other in analyte.factors:
        if other == given or not _within(likely, meant := read_lab(name, value, other)):
            continue
        if other == analyte.unit:
            return f"{start} Do you mean {_amount(meant, analyte.unit)}?"
        said = f"{_shown(value)} per uL" if other == "/uL" else _amount(value, other)
        return f"{start} Do you mean {_amount(meant, analyte.unit)} ({said})?"
    if analyte.unit == CELLS and 0 < value < likely.low and _within(likely, value * 1000):
        return f"{start} Do you mean {_amount(value * 1000, CELLS)}?"
    return f"{start} Please check the number and the unit."


def _amount(value: float, unit: str) -> str:
    return f"{_shown(value)} x{unit}" if unit == CELLS else f"{_shown(value)} {unit}"


def _shown(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1 else plain(float(value))


def _within(range_: Range, value: float) -> bool:
    return range_.low <= value <= range_.high
