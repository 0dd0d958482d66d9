"""A proposal as it was typed: numbers within the limits, or one sentence beside each field."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.grading.rule_limits import GRADES, LIMITS, LONGEST_NAME, ORDER
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from alerts.grading.terms import EPS
from diary_app.services.refusals import RefusedError
from diary_app.services.rule_words import rule_word, shown
from diary_app.text import _

LONGEST_REASON = 500


class UnusableRulesError(RefusedError, ValueError):
    """Fields of the form cannot be used as they are.

    Attributes:
        problems: Field -> one sentence.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(_("Nothing is saved yet: correct the marked fields."))
        self.problems = dict(problems)


@dataclass(frozen=True)
class RuleForm:
    """What was typed; ``typed`` holds text by field, fields left out stay as they are."""

    name: str
    reason: str
    typed: Mapping[str, str]


@dataclass(frozen=True)
class Bounds:
    """Between what a number may lie, and which end is the hard limit of safety.

    Attributes:
        lowest: Smallest value that is taken.
        highest: Largest value that is taken.
        loosest: The one of the two beyond which danger could pass unseen.
        whole: Whether it must be a whole number.
    """

    lowest: float
    highest: float
    loosest: float
    whole: bool


def bounds(field: str) -> Bounds:
    """Return the bounds of a number of the rules."""
    limit = LIMITS[field]
    whole = isinstance(getattr(DEFAULT_RULES, field), int)
    ends = sorted((limit.strictest, limit.loosest))
    return Bounds(ends[0], ends[1], limit.loosest, whole)


def is_looser(field: str, before: object, after: object) -> bool:
    """Return whether a changed threshold lets more pass than before."""
    if isinstance(before, int | float) and isinstance(after, int | float):
        limits = bounds(field)
        return (after > before) is (limits.loosest == limits.highest)
    # Grades that count as a milder sign: fewer of them are looser.
    some = (list, tuple, set, frozenset)
    return isinstance(before, some) and isinstance(after, some) and not set(after) > set(before)


def read(form: RuleForm, present: RuleSet) -> dict[str, object]:
    """Return the fields that would change and their new values, as plain JSON values.

    Raises:
        UnusableRulesError: A field cannot be used; lists all.
    """
    problems: dict[str, str] = {}
    if not form.name.strip() or len(form.name.strip()) > LONGEST_NAME:
        problems["name"] = _("Give a name, up to {n} characters.").format(n=LONGEST_NAME)
    if not form.reason.strip() or len(form.reason.strip()) > LONGEST_REASON:
        problems["reason"] = _("Give the reason, up to {n} characters.").format(n=LONGEST_REASON)
    values: dict[str, object] = {}
    for field, typed in form.typed.items():
        value = _grades(typed) if field == "amber_grades" else _number(field, typed)
        if isinstance(value, str):
            problems[field] = value
        else:
            values[field] = value
    if not problems:
        problems = _out_of_order(values, present)
    if problems:
        raise UnusableRulesError(problems)
    changed = {field: value for field, value in values.items() if value != _now(field, present)}
    if not changed:
        raise RefusedError(_("Change at least one number."))
    return changed


def _now(field: str, present: RuleSet) -> object:
    value = getattr(present, field)
    return sorted(value) if isinstance(value, frozenset) else value


def _number(field: str, typed: str) -> float | str:
    """Return the number, or what is wrong with it."""
    limits = bounds(field)
    try:
        value = float(typed.strip().replace(",", "."))
    except ValueError:
        return _("Type a number.")
    if limits.whole and not value.is_integer():
        return _("Type a whole number.")
    loosest = shown(limits.loosest)
    if value > limits.highest + EPS:
        if limits.loosest == limits.highest:
            return _("Looser than safety allows: at most {n}.").format(n=loosest)
        return _("That cannot be meant: at most {n}.").format(n=shown(limits.highest))
    if not value >= limits.lowest - EPS:
        if limits.loosest == limits.lowest:
            return _("Looser than safety allows: at least {n}.").format(n=loosest)
        return _("That cannot be meant: at least {n}.").format(n=shown(limits.lowest))
    return int(value) if limits.whole else value


def _grades(typed: str) -> list[int] | str:
    parts = [part.strip() for part in typed.split(",") if part.strip()]
    if not parts or not all(part in {str(grade) for grade in GRADES} for part in parts):
        return _("Type grades from 1 to 4, such as 2, 3.")
    found = sorted({int(part) for part in parts})
    if 2 not in found:
        return _("Looser than safety allows: grade 2 always counts.")
    return found


def _out_of_order(values: Mapping[str, object], present: RuleSet) -> dict[str, str]:
    problems: dict[str, str] = {}
    for lower, higher, equal in ORDER:
        low, high = (values.get(each, getattr(present, each)) for each in (lower, higher))
        if not isinstance(low, int | float) or not isinstance(high, int | float):
            continue
        if low > high or (low == high and not equal):
            sentence = _('Must not be over "{other}".') if equal else _('Must be below "{other}".')
            problems[lower] = sentence.format(other=rule_word(higher))
    return problems
