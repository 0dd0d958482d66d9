"""The weekly report as a mail: days, counts and minutes; nothing about any patient."""

from collections.abc import Mapping
from typing import Any

_LEVELS = {"urgent": "Urgent", "prompt": "Same day"}


def week_paragraphs(clinic_name: str, week: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the subject and the paragraphs.

    Args:
        week: Of ``alerts.clinic_week.content_of``.
    """
    subject = f"Symptom diary, week from {week['first_on']}: {clinic_name}"
    lost = week["without_outcome"]
    paragraphs = [
        f"Week from {week['first_on']} to {week['last_on']}, {clinic_name}. "
        f"Patients in follow-up: {week['patients']}.",
        *(_level(each) for each in week["levels"]),
        *(_load(each) for each in week["load"]),
        "Alerts closed without an outcome: none."
        if not lost
        else f"Alerts closed without an outcome: {lost}. There must be none: tell your "
        "administrator.",
        f"Alerts of the week that nobody closed yet: {week['not_closed']}.",
        f"Silent patients at the end of the week: {week['silent']}.",
    ]
    return subject if not lost else f"{subject} - alerts without outcome", paragraphs


def _level(each: Mapping[str, Any]) -> str:
    name = _LEVELS[each["level"]]
    if not each["alerts"]:
        return f"{name}: no alerts."
    share = "not known yet" if each["share"] is None else f"{100 * each['share']:.0f} %"
    middle = "-" if each["median"] is None else f"{each['median']:.0f} min"
    return (
        f"{name}: {each['alerts']} alerts. Until taken: median {middle}, longest "
        f"{each['worst']:.0f} min; within {each['target']:.0f} min: {share}. "
        f"Waiting now: {each['waiting']}."
    )


def _load(each: Mapping[str, Any]) -> str:
    name = _LEVELS[each["level"]]
    if each["rate"] is None:
        return f"{name}, alerts a patient-week: not known, nobody in follow-up."
    verdict = "above the budget" if each["over"] else "within the budget"
    return f"{name}, alerts a patient-week: {each['rate']:.2f} of {each['budget']:.2f}, {verdict}."
