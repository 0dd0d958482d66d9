"""What the thermometer said: a temperature or not, and what it counts as (R4.1, R4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from alerts.grading.course import TemperatureInput
from alerts.grading.rules import RuleSet
from alerts.grading.terms import above, at_least, below

READS_LOW = frozenset({"axillary", "forehead"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed temperature after the check.

    Attributes:
        celsius: As accepted, never corrected; None when rejected or not given.
        effective: What the level is judged by: corrected upward for sites that read low.
        rejected: Why it was rejected: F_ENTERED_AS_C, C_ENTERED_AS_F or IMPLAUSIBLE.
        other_unit_celsius: A rejected number read in the other unit, Celsius.
        given: The reading as typed.
    """

    celsius: float | None = None
    effective: float | None = None
    rejected: str | None = None
    other_unit_celsius: float | None = None
    given: TemperatureInput | None = None

    @property
    def typed(self) -> str:
        """Return the number and unit as typed, for a sentence."""
        return "" if self.given is None else f"{float(self.given.value):g} °{self.given.unit}"

    @property
    def corrected(self) -> bool:
        """Return whether an accepted reading counts higher for its site."""
        return self.given is not None and self.rejected is None and self.given.site in READS_LOW

    def reaches(self, celsius: float) -> bool:
        """Return whether the effective temperature is known and reaches the limit."""
        return self.effective is not None and at_least(self.effective, celsius)


def celsius_from_fahrenheit(fahrenheit: float) -> float:
    """Return degrees Celsius, rounded half up to two decimals.

    Example:
        >>> celsius_from_fahrenheit(100.4)
        38.0
        >>> celsius_from_fahrenheit(101)
        38.33
    """
    exact = (Decimal(str(fahrenheit)) - 32) * 5 / 9
    return float(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def read(typed: TemperatureInput | None, rules: RuleSet) -> Reading:
    """Return what a typed temperature means; an impossible one is rejected, never stored.

    Args:
        typed: The reading; None when no temperature was entered.
        rules: Plausible ranges and the correction by site.

    Returns:
        A reading with neither value nor rejection when nothing was typed.

    Source:
        Conversion exact. Axillary and forehead read 0.3 to 0.6 degrees low, ear and rectal as
        much high (public thermometer guidance): the level adds 0.5 and never subtracts.
    """
    if typed is None:
        return Reading()
    value = float(typed.value)
    if typed.unit == "F":
        if not _fahrenheit(value, rules):
            why = "C_ENTERED_AS_F" if _celsius(value, rules) else "IMPLAUSIBLE"
            return Reading(None, None, why, value, typed)
        celsius = celsius_from_fahrenheit(value)
    else:
        celsius = value
        if not _celsius(value, rules):
            why = "F_ENTERED_AS_C" if _fahrenheit(value, rules) else "IMPLAUSIBLE"
            return Reading(None, None, why, celsius_from_fahrenheit(value), typed)
    higher = rules.site_correction_celsius if typed.site in READS_LOW else 0.0
    return Reading(celsius, celsius + higher, None, None, typed)


def grade_fever(celsius: float) -> int:
    """Return the CTCAE 5.0 fever grade of one reading, 0 to 3; grade 4 needs a second reading.

    Source:
        NCI, CTCAE v5.0 and v6.0, General disorders, "Fever": 38.0-39.0; >39.0-40.0; >40.0.
    """
    if above(celsius, 40.0):
        return 3
    if above(celsius, 39.0):
        return 2
    return 1 if at_least(celsius, 38.0) else 0


def _celsius(value: float, rules: RuleSet) -> bool:
    return not below(value, rules.celsius_low) and not above(value, rules.celsius_high)


def _fahrenheit(value: float, rules: RuleSet) -> bool:
    return not below(value, rules.fahrenheit_low) and not above(value, rules.fahrenheit_high)
