"""A report as it was typed on the light page, and the answers of an entry that it gives.

What is left out is unknown: no choice is made beforehand but the unit of the thermometer.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diary_app.state import wording
from diary_app.state.answers import LONGEST_WORDS
from diary_app.state.offered import HANDPRINTS, handprint_label, told_signs
from diary_app.state.questions import DANGER, EMERGENCY, ITCH_DETAIL
from diary_app.state.typed_temperature import TypedTemperature, read_temperature
from diary_app.text import _

ONE = (
    "no_signs",
    "temperature",
    "unit",
    "fix",
    "fix_for",
    "site",
    "medicine",
    "itch",
    "sleep",
    "adl",
    "rash",
    "size",
    "words",
)
SEVERAL = ("signs", "looks")
EVERYWHERE = "everywhere"
# Asked about among the danger signs already, by other words.
_SIGNS_TOO = frozenset({"blisters", "peeling_raw", "purple_nonblanching"})
_LONGEST_TYPED = 40
# The whole report rather than one field.
REPORT = "report"


@dataclass(frozen=True)
class Typed:
    """What was typed and ticked, by field name.

    Attributes:
        one: Fields with one value, of ``ONE``.
        several: Lists of ticks, of ``SEVERAL``.
    """

    one: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a field without blanks around it; empty when it was left out."""
        return self.one.get(name, "").strip()

    def ticked(self, name: str) -> tuple[str, ...]:
        """Return what was ticked in a list."""
        return tuple(self.several.get(name, ()))

    @classmethod
    def kept(cls, content: Mapping[str, Any]) -> "Typed":
        """Return what `content` made."""
        return cls(dict(content.get("one", {})), dict(content.get("several", {})))

    def content(self) -> dict[str, Any]:
        """Return what is kept in the database until the report is sent."""
        return {
            "one": {name: self.one[name] for name in ONE if name in self.one},
            "several": {name: list(self.ticked(name)) for name in SEVERAL},
        }


@dataclass(frozen=True)
class Report:
    """What a typed report says.

    Attributes:
        kind: ``reading`` for a temperature alone, else ``full``.
        answers: Column of the entry -> value; an absent column was not answered.
        problems: Field -> one sentence about what to do; empty when it can be sent.
        temperature: What was read; None when nothing was typed.
        is_emergency: A sign was ticked for which the emergency number comes first.
    """

    kind: str
    answers: Mapping[str, Any]
    problems: Mapping[str, str]
    temperature: TypedTemperature | None
    is_emergency: bool


def looks() -> dict[str, str]:
    """Return the looks of a rash to tick; what is a danger sign is ticked there."""
    return {word: label for word, label in wording.looks().items() if word not in _SIGNS_TOO}


def sizes() -> dict[str, str]:
    """Return the sizes of a rash to choose from."""
    hands = {f"{number:g}": handprint_label(number) for number in HANDPRINTS}
    return {**hands, EVERYWHERE: _("Nearly everywhere")}


def signs_ticked(typed: Typed) -> frozenset[str]:
    """Return the danger signs that were ticked."""
    return frozenset(typed.ticked("signs")) & frozenset(DANGER)


def read_report(typed: Typed, *, photos: int) -> Report:
    """Return the answers of a typed report, or what to correct.

    Args:
        typed: As it came in; nothing of it is trusted.
        photos: How many photos come with it.
    """
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    _choices(typed, problems)
    signs = signs_ticked(typed)
    if signs or typed.text("no_signs"):
        answers.update(told_signs(signs))
    temperature = _temperature(typed, answers, problems)
    _itch(typed, answers, problems)
    _rash(typed, answers, problems)
    _limits(typed, answers, problems)
    words = typed.text("words").replace("\r\n", "\n")
    if len(words) > LONGEST_WORDS:
        problems["words"] = _("Please shorten your words to at most 2000 characters.")
    elif words:
        answers["words"] = words
    alone = {"temperature_text", "temperature_value", "temperature_unit"}
    alone |= {"temperature_site", "antipyretic_within_6h"}
    if not answers and not problems and not photos:
        problems[REPORT] = _("Please answer at least one question or add a photo.")
    return Report(
        kind="reading" if answers and alone.issuperset(answers) and not photos else "full",
        answers=answers,
        problems=problems,
        temperature=temperature,
        is_emergency=bool(signs & EMERGENCY),
    )


def _choices(typed: Typed, problems: dict[str, str]) -> None:
    """Refuse what none of our own forms can send."""
    numbers = {str(number) for number in range(11)}
    known: Mapping[str, Collection[str]] = {
        "unit": ("C", "F"),
        "site": wording.sites(),
        "medicine": ("yes", "no", "unknown"),
        "itch": numbers,
        "sleep": wording.sleep_losses(),
        "adl": wording.limits(),
        "rash": ("yes", "no", "unknown"),
        "size": sizes(),
    }
    wrong = [name for name, words in known.items() if typed.text(name) not in {"", *words}]
    several: Mapping[str, Collection[str]] = {"signs": DANGER, "looks": wording.looks()}
    wrong += [name for name, words in several.items() if set(typed.ticked(name)) - set(words)]
    for name in wrong:
        problems[name] = _("Please choose one of the answers shown here.")


def _temperature(
    typed: Typed, answers: dict[str, Any], problems: dict[str, str]
) -> TypedTemperature | None:
    text, unit = typed.text("temperature"), typed.text("unit")
    site, medicine = typed.text("site"), typed.text("medicine")
    if not text:
        if site:
            problems["temperature"] = _(
                "You said where you measured. Please type the number too,"
                " or choose “Not said” below."
            )
        return None
    if unit not in {"C", "F"}:
        problems.setdefault("unit", _("Please choose °C or °F."))
        return None
    if len(text) > _LONGEST_TYPED:
        problems["temperature"] = _("Please type the number only, such as 37.2.")
        return None
    read = read_temperature(text, unit)
    value = read.value if read.is_plausible else None
    if value is None and typed.text("fix_for") == fix_for(text, unit):
        match typed.text("fix"):
            case "other_unit" if read.other_unit is not None:
                unit, value = read.other_unit, read.value
            case "other_text" if read.other_text is not None:
                text, value = read.other_text, float(read.other_text)
            case "as_typed" if read.can_be_kept:
                value = read.value
    if value is None:
        problems["temperature"] = read.problem
        return read
    answers.update(temperature_text=text, temperature_unit=unit, temperature_value=value)
    if site:
        answers["temperature_site"] = site
    if medicine in {"yes", "no"}:
        answers["antipyretic_within_6h"] = medicine == "yes"
    return read


def fix_for(text: str, unit: str) -> str:
    """Return what a chosen correction is about, so that it never corrects another number."""
    return f"{text} {unit}"


def _itch(typed: Typed, answers: dict[str, Any], problems: dict[str, str]) -> None:
    itch, sleep = typed.text("itch"), typed.text("sleep")
    worst = int(itch) if itch and "itch" not in problems else None
    if worst is not None:
        answers["itch_nrs"] = worst
    if not sleep or "sleep" in problems:
        return
    if worst is not None and worst >= ITCH_DETAIL:
        answers["sleep_loss"] = sleep
    elif sleep != "none":
        problems["sleep"] = _(
            "The itch cost you sleep. Please choose above how bad it was at its worst:"
            " a night like that counts from 4 on."
        )


def _rash(typed: Typed, answers: dict[str, Any], problems: dict[str, str]) -> None:
    rash, size, ticked = typed.text("rash"), typed.text("size"), typed.ticked("looks")
    if problems.keys() & {"rash", "size", "looks"}:
        return
    if rash != "yes":
        if size or ticked:
            problems["rash"] = _(
                "You described a rash below. Please choose “Yes”, or take the description away."
            )
        elif rash == "no":
            answers["rash_present"] = False
        return
    answers["rash_present"] = True
    if size == EVERYWHERE:
        answers["generalized"] = True
    elif size:
        answers["handprints"] = float(size)
    if ticked:
        answers["morphology"] = sorted(ticked)


def _limits(typed: Typed, answers: dict[str, Any], problems: dict[str, str]) -> None:
    adl = typed.text("adl")
    if not adl or "adl" in problems:
        return
    if answers.get("rash_present") or (answers.get("itch_nrs") or 0) > 0:
        answers["adl"] = adl
    elif adl != "none" and not problems.keys() & {"itch", "rash", "size", "looks"}:
        problems["adl"] = _("Please also say above how bad the itch is, or that you have a rash.")
