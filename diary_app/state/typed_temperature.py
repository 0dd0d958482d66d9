"""What a person typed as a temperature: a number, or one sentence about what to do instead."""

import re
from dataclasses import dataclass

from diary_app.text import _
from diary_app.text.numbers import decimals

# clinical.md 4.2: what a thermometer can show, inclusive.
PLAUSIBLE = {"C": (34.0, 43.0), "F": (93.0, 109.5)}
EXAMPLES = {"C": "37.2", "F": "99.0"}
_NUMBER = re.compile(r"[-+\u2212]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class TypedTemperature:
    """One typed temperature.

    Attributes:
        value: The number read, in the unit beside the field; None when it is no number. A number
            that no thermometer shows is kept too: the rules must see what was typed.
        problem: What is wrong and what to do; empty when the number is plausible.
        other_unit: C or F when the number is plausible in that unit; None otherwise.
        other_text: What was probably meant in the same unit, such as "38.5" for "385"; None
            when there is no such guess.
    """

    value: float | None
    problem: str = ""
    other_unit: str | None = None
    other_text: str | None = None

    @property
    def is_plausible(self) -> bool:
        """Return whether the number can be a body temperature in its unit."""
        return self.value is not None and not self.problem

    @property
    def can_be_kept(self) -> bool:
        """Return whether it is a number, so that it can be saved as typed."""
        return self.value is not None


def read_temperature(text: str, unit: str) -> TypedTemperature:
    """Return what a typed temperature says.

    Args:
        text: As typed; comma or point, with or without the degree sign and unit.
        unit: C or F, as chosen beside the field.

    Example:
        >>> read_temperature("38,5", "C").value
        38.5
        >>> read_temperature("101", "C").other_unit
        'F'
    """
    bare = re.sub(r"\s|°|[CcFf]$", "", text.strip())
    example = decimals(EXAMPLES[unit])
    if not bare:
        return TypedTemperature(
            None,
            _(
                "Type the number the thermometer shows, for example {example}, or choose “{skip}”."
            ).format(example=example, skip=_("I did not measure")),
        )
    if not _NUMBER.fullmatch(bare):
        return TypedTemperature(
            None,
            _("Please type a number only, for example {example}.").format(example=example),
        )
    value = float(bare.replace(",", ".").replace("\u2212", "-"))
    if _fits(value, unit):
        return TypedTemperature(value)
    shown = bare.replace("\u2212", "-")
    other = "F" if unit == "C" else "C"
    if _fits(value, other):
        return TypedTemperature(
            value,
            _("{number} °{unit} is not possible. Did you mean {number} °{other}?").format(
                number=shown, unit=unit, other=other
            ),
            other_unit=other,
        )
    if _fits(value / 10, unit):
        meant = decimals(f"{value / 10:g}")
        return TypedTemperature(
            value,
            _("{number} °{unit} is not possible. Did you mean {meant} °{unit}?").format(
                number=shown, unit=unit, meant=meant
            ),
            other_text=meant,
        )
    return TypedTemperature(
        value,
        _(
            "{number} °{unit} is not possible. Look at the thermometer again and type what it"
            " shows, for example {example}."
        ).format(number=shown, unit=unit, example=example),
    )


def may_be_fever(value: float, unit: str) -> bool:
    """Return whether a number reaches 37.5 degrees Celsius in the unit chosen or the other one.

    Example:
        >>> may_be_fever(101, "C")
        True
    """
    fahrenheit = (value - 32) * 5 / 9
    celsius = value if unit == "C" else fahrenheit
    other = fahrenheit if unit == "C" else value
    return any(37.5 - 1e-6 <= each <= 43.0 for each in (celsius, other))


def _fits(value: float, unit: str) -> bool:
    low, high = PLAUSIBLE[unit]
    return low - 1e-6 <= value <= high + 1e-6
