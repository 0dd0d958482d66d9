"""Everything about an entry that may be imagined otherwise, one dial for each answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from math import ceil, floor
from typing import overload

from alerts.grading.answer_words import FLAGS, LESIONS, SCALES, YES_OR_NO
from alerts.grading.assessment import Assessment
from alerts.grading.counterfactual_answers import (
    COUNT,
    DEGREES,
    NUMBERS,
    RASH,
    TEMPERATURE,
    USUAL,
    Scale,
    latest_count,
)
from alerts.grading.course import Context, Entry, TemperatureInput
from alerts.grading.lab_units import ANALYTES, CELLS, read_lab
from alerts.grading.reasons import degrees, plain
from alerts.grading.rules import RuleSet
from alerts.grading.temperature import SITE_WORDS
from alerts.grading.terms import BENIGN_MORPHOLOGY
from alerts.grading.thermometer import READS_LOW

NOTICE = "you notice "
# Signs whose absence "without" would put oddly.
ABSENT = {"reduced_urine": "with the usual urine", "visual_disturbance": "with unchanged sight"}
PLAINER = {"feels_unwell": "you feel unwell"}
LAB_STEPS = {CELLS: 0.01, "/uL": 10, "U/L": 1, "ukat/L": 0.01, "mg/dL": 0.01, "umol/L": 1}
LAB_FIELDS = {"eosinophils": "eosinophils_1e9_l"}
LAB_STEPS_MOST = 4000
DOSES = {
    "imatinib_mg_taken": ("imatinib_mg_prescribed", "imatinib", 100, 1600),
    "prednisolone_mg_taken": ("prednisolone_mg_prescribed", "the steroid", 2.5, 100),
}
_NOT_ANSWERS = frozenset({"day", "minute_of_day", "labs", "no_entry", "timer_event"})


@dataclass(frozen=True, slots=True)
class Dial:
    """One answer or result, and what it may be imagined as.

    Attributes:
        field: As ``imagined`` takes it.
        start: What was told; None when nothing was.
        worse: Values that may raise the level, nearest first.
        milder: Values that may lower it, nearest first.
        mildest: The value that asks for least; None when there is none.
        words: Value and whether it is meant to lower the level, to words for the nurse.
        patient: Value to words after "Call at once if"; empty when not for patients.
        distance: Value to how far it lies from the start; 1 is a whole symptom more or less.
        steady: The level only rises along ``worse`` and only falls along ``milder``.
    """

    field: str
    start: object
    worse: Sequence[object]
    milder: Sequence[object]
    mildest: object
    words: Callable[[object, bool], str]
    patient: Callable[[object], str]
    distance: Callable[[object], float]
    steady: bool = False


def dials(
    entry: Entry,
    context: Context,
    assessment: Assessment,
    rules: RuleSet,
    lab_units: Mapping[str, str],
) -> list[Dial]:
    """Return every dial of an entry; laboratory results alone have those of the results alone.

    An answer that was not given stays unknown, except that a temperature may be imagined, a tick
    added, and the extent of a rash told.

    Args:
        lab_units: Unit of each result by its name, as the laboratory gave it; others are
            canonical.
    """
    results = [*_lab_dials(entry, context, rules, lab_units)]
    if entry.labs is not None and only_results(entry):
        return results
    return [
        *_number_dials(entry, assessment, rules),
        *_tick_dials(entry),
        *_choice_dials(entry),
        *results,
        *_dose_dials(entry),
    ]


def only_results(entry: Entry) -> bool:
    """Return whether nothing but laboratory results is known of this entry."""
    return all(
        getattr(entry, each.name) is None for each in fields(entry) if each.name not in _NOT_ANSWERS
    )


def _number_dials(entry: Entry, assessment: Assessment, rules: RuleSet) -> Iterator[Dial]:
    typed = entry.temperature_input
    if typed is None:
        yield _warmth(TemperatureInput(USUAL["C"]), rules, imagined=True)
    elif assessment.temperature_celsius is not None:
        yield _warmth(typed, rules)
    for field, scale in NUMBERS.items():
        told: float | None = getattr(entry, field)
        start = told
        if field == "bsa_percent" and told is None and assessment.grades.get("rash", 0):
            start = assessment.extent_percent
        if start is not None:
            yield _number(field, scale, told, start)

    if entry.rash_present or (entry.morphology or frozenset()) - BENIGN_MORPHOLOGY:
        yield Dial(
            RASH,
            True,
            [],
            [False],
            False,
            lambda _value, _milder: "with no rash",
            lambda _value: "",
            lambda _value: 2.0,
        )


def _warmth(typed: TemperatureInput, rules: RuleSet, imagined: bool = False) -> Dial:
    scale, usual = DEGREES[typed.unit], USUAL[typed.unit]
    site = f" {SITE_WORDS[typed.site]}" if typed.site in READS_LOW else ""
    start = typed.value
    fever = rules.fever_celsius if typed.unit == "C" else rules.fever_celsius * 1.8 + 32

    def patient(value: object) -> str:
        # Patients are taught one number for fever; a second, higher one would contradict it.
        shown = value if start >= fever else min(_float(value), fever)
        return f"your temperature{site} {scale.patient.format(value=shown)}"

    cold = start < usual
    milder = [value for value in scale.upward(start) if value <= usual + 1e-6]
    if not cold:
        milder = [value for value in scale.downward(start) if value >= usual - 1e-6]
    return Dial(
        TEMPERATURE,
        None if imagined else start,
        [value for value in scale.upward(start) if value > usual],
        [] if imagined else milder,
        None if imagined else usual,
        lambda value, _milder: f"{scale.words.format(value=value)}{site}",
        patient,
        lambda value: abs(_float(value) - start) / scale.span,
    )


def _number(field: str, scale: Scale, told: float | None, start: float) -> Dial:
    new_rash = field == "bsa_percent" and start == 0

    def words(value: object, milder: bool) -> str:
        if new_rash:
            return f"with a rash on {value} % of the skin"
        said = scale.words.format(value=value)
        return f"{said} or less" if milder and value != scale.low else said

    def patient(value: object) -> str:
        if new_rash and value == 1:
            return f"{NOTICE}any rash"
        if field == "itch_nrs" and value == 1:
            return f"{NOTICE}any itch"
        return scale.patient.format(value=value)

    return Dial(
        field,
        told,
        scale.upward(start),
        scale.downward(start),
        scale.low if start > scale.low else None,
        words,
        patient,
        lambda value: abs(_float(value) - start) / scale.span,
    )


def _tick_dials(entry: Entry) -> Iterator[Dial]:
    for name, known in (("red_flags", FLAGS), ("morphology", LESIONS)):
        ticked = getattr(entry, name) or frozenset()
        for word, said in known.items():
            if word in ticked or name == "red_flags":
                yield _tick(f"{name}.{word}", getattr(entry, name), word, said)


def _tick(field: str, asked: frozenset[str] | None, word: str, said: str) -> Dial:
    there = word in (asked or ())
    return Dial(
        field,
        None if asked is None else there,
        [] if there else [True],
        [False] if there else [],
        False if there else None,
        lambda _value, milder: ABSENT.get(word, f"without {said}") if milder else f"with {said}",
        lambda _value: PLAINER.get(word, f"{NOTICE}{said}"),
        lambda _value: 1.0,
    )


def _choice_dials(entry: Entry) -> Iterator[Dial]:
    for field, scale in SCALES.items():
        answer = getattr(entry, field)
        if answer is not None:
            yield _choice(field, list(scale), answer, scale)
    for field, said in YES_OR_NO.items():
        told = getattr(entry, field)
        if told is not None:
            yield _yes_or_no(field, told, said)


def _choice(field: str, order: list[str], answer: str, scale: Mapping[str, str]) -> Dial:
    at = order.index(answer)
    return Dial(
        field,
        answer,
        order[at + 1 :],
        order[:at][::-1],
        order[0] if at else None,
        lambda value, _milder: f"with {scale[str(value)]}",
        lambda value: f"{NOTICE}{scale[str(value)].removeprefix('mild ')}",
        lambda value: abs(order.index(str(value)) - at) / (len(order) - 1),
    )


def _yes_or_no(field: str, told: bool, said: str) -> Dial:
    return Dial(
        field,
        told,
        [] if told else [True],
        [False] if told else [],
        False if told else None,
        lambda _value, milder: f"{'without' if milder else 'with'} {said}",
        lambda _value: f"{NOTICE}{said}",
        lambda _value: 1.0,
    )


def _lab_dials(
    entry: Entry, context: Context, rules: RuleSet, units: Mapping[str, str]
) -> Iterator[Dial]:
    count = latest_count(entry, context, max(rules.anc_low_days, rules.anc_safe_days))
    if count is not None:
        yield _result(COUNT, "anc", count.value, units.get("anc", CELLS), None)
    for name in ("eosinophils", "alt", "ast", "bilirubin", "creatinine"):
        field = LAB_FIELDS.get(name, name)
        value = None if entry.labs is None else getattr(entry.labs, field)
        limit = None if name == "eosinophils" else getattr(context.uln, name)
        if value is not None and (limit is not None or name == "eosinophils"):
            unit = units.get(name, ANALYTES[name].unit)
            yield _result(f"labs.{field}", name, value, unit, limit)


def _result(field: str, name: str, start: float, unit: str, limit: float | None) -> Dial:
    step, factor = LAB_STEPS[unit], ANALYTES[name].factors[unit]
    label = "neutrophils" if name == "anc" else ANALYTES[name].label
    label = label.lower() if name in {"eosinophils", "bilirubin", "creatinine"} else label
    falling = name == "anc"
    at = round(start / factor / step, 6)

    def canonical(count: int) -> float:
        return read_lab(name, round(count * step, 6), unit)

    up = _Steps(canonical, floor(at) + 1, 1, LAB_STEPS_MOST)
    down = _Steps(canonical, ceil(at) - 1, -1, min(ceil(at), LAB_STEPS_MOST))

    def words(value: object, milder: bool) -> str:
        shown = round(_float(value) / factor / step)
        # "below 0.5" names the last step that does not reach it, as the rule does.
        before = shown + 1 if falling else shown - 1
        said = f"at {{}} {'or more' if falling == milder else 'or less'}"
        if not milder and (before <= at if falling else before >= at):
            shown, said = before, f"{'below' if falling else 'above'} {{}}"
        amount = float(f"{shown * step:.6g}")
        result = f"{degrees(amount)} x{unit}" if unit == CELLS else f"{plain(amount)} {unit}"
        times = "" if limit is None else plain(round(shown * step * factor / limit, 2))
        return f"with {label} {said.format(result)}" + (
            f" ({times} times the upper limit)" if times else ""
        )

    return Dial(
        field,
        start,
        down if falling else up,
        up if falling else down,
        up[-1] if falling else 0.0,
        words,
        lambda _value: "",
        lambda value: abs(_float(value) - start) / max(_float(value), start, 1e-9),
        steady=True,
    )


class _Steps(Sequence[float]):
    """Results counted in whole steps from a first one, each worked out when it is asked for."""

    def __init__(self, value: Callable[[int], float], first: int, sign: int, count: int) -> None:
        self._value = value
        self._counts = range(first, first + sign * count, sign)

    def __len__(self) -> int:
        return len(self._counts)

    @overload
    def __getitem__(self, place: int) -> float: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[float]: ...

    def __getitem__(self, place: int | slice) -> float | Sequence[float]:
        if isinstance(place, slice):
            return [self._value(count) for count in self._counts[place]]
        return self._value(self._counts[place])


def _dose_dials(entry: Entry) -> Iterator[Dial]:
    for field, (prescribed, drug, step, most) in DOSES.items():
        taken, planned = getattr(entry, field), getattr(entry, prescribed)
        if taken is not None and planned is not None:
            yield _dose(field, drug, taken, planned, [step * n for n in range(int(most / step))])


def _dose(field: str, drug: str, taken: float, planned: float, steps: Sequence[float]) -> Dial:
    amounts = {*steps, planned} - {taken}
    nearest = sorted(amounts, key=lambda amount: (abs(amount - taken), amount))
    return Dial(
        field,
        taken,
        nearest,
        nearest,
        planned if planned != taken else None,
        lambda value, _milder: f"with {plain(float(_float(value)))} mg of {drug} taken",
        lambda _value: "",
        # A tablet more or less says less about the patient than any symptom.
        lambda value: 1 + abs(_float(value) - taken) / 1000,
    )


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
