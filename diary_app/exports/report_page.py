"""The first page of the visit report as plain values: the whole story at a glance."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from diary_app.exports.breaking import breakable
from diary_app.exports.bundle import AlertLine, LabLine, VisitBundle
from diary_app.exports.code_words import (
    lab_words,
    level_words,
    limit_words,
    outcome_words,
    symptom_words,
)
from diary_app.exports.dose_measures import dose_measure_words
from diary_app.exports.period_facts import (
    adherence,
    current_plan,
    since_step_words,
    worst_grades,
    worst_since_step,
)
from diary_app.figures.course import days_of
from diary_app.figures.wording import amount, day_words
from diary_app.text import _, _n

Content = Mapping[str, Any]

WORST_SHOWN = 6
ALERTS_SHOWN = 5
LABS_SHOWN = 5
QUESTIONS_SHOWN = 3
# Page one has room for so many characters of a question; the table has all.
QUESTION_LENGTH = 90
_LEVEL_ORDER = {"urgent": 0, "prompt": 1}


def first_page(bundle: VisitBundle) -> Content:
    """Return identity, period, plan, worst events, adherence and alerts, as words."""
    return {
        "title": _("Symptom diary: visit report"),
        "name": bundle.patient_name,
        "born": _("Born {day}").format(day=day_words(bundle.born_on)),
        "code": _("Patient code {code}").format(code=bundle.patient_code),
        "period": _("{first} to {last}").format(
            first=day_words(bundle.first_on), last=day_words(bundle.last_on)
        ),
        "clinic": f"{bundle.clinic_name}, {bundle.clinic_phone}",
        "made": _("Made {when} by {name}").format(
            when=moment_words(bundle.made_at, bundle.time_zone), name=bundle.made_by
        ),
        "plan_heading": _("Current plan"),
        "plan": current_plan(bundle),
        "worst_heading": _("Highest estimated grades"),
        "worst": _worst(bundle),
        "since_step": worst_since_step(bundle),
        "labs_heading": _("Laboratory, newest outside the limits"),
        "labs": _labs(bundle),
        "adherence_heading": _("Entries and doses"),
        "adherence": _adherence(bundle),
        "questions_heading": _("Open questions from the patient"),
        "questions": _questions(bundle),
        "alerts_heading": _("Alerts"),
        "alerts": _alerts(bundle),
    }


def moment_words(at: datetime, time_zone: str) -> str:
    """Return an instant as the patient's day and clock: "3 May 2010 18:05"."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{day_words(local.date())} {local:%H:%M}"


def by_urgency(bundle: VisitBundle) -> list[AlertLine]:
    """Return alerts with the urgent ones first, the newest first within a level."""
    newest_first = sorted(bundle.alerts, key=lambda alert: alert.raised_at, reverse=True)
    return sorted(newest_first, key=lambda alert: _LEVEL_ORDER.get(alert.level, 2))


def _worst(bundle: VisitBundle) -> list[dict[str, str]]:
    found = worst_grades(bundle)
    rows = [
        {
            "grade": str(worst.grade),
            "symptom": symptom_words(worst.symptom),
            "when": ", ".join(
                words
                for words in (
                    day_words(worst.entry.diary_on),
                    since_step_words(bundle, worst.entry),
                )
                if words
            ),
        }
        for worst in found[:WORST_SHOWN]
    ]
    if not rows:
        words = _("No estimated grade above 0 in the entries. What was not asked is not known.")
        rows.append({"grade": "", "symptom": words, "when": ""})
    if len(found) > WORST_SHOWN:
        words = _("{n} more in the table of entries").format(n=len(found) - WORST_SHOWN)
        rows.append({"grade": "", "symptom": words, "when": ""})
    return rows


def _adherence(bundle: VisitBundle) -> list[str]:
    facts = adherence(bundle)
    lines = [
        _("Entries on {said} of {days} days; longest time without: {gap} days.").format(
            said=facts.days_with_entry, days=facts.days, gap=facts.longest_gap
        )
    ]
    if facts.planned == 0:
        lines.append(_("No imatinib dose was planned."))
    else:
        lines.append(
            _(
                "Imatinib: {taken} of {planned} planned doses logged as taken, "
                "{missed} missed, {unreported} not reported."
            ).format(
                taken=facts.taken,
                planned=facts.planned,
                missed=facts.missed,
                unreported=facts.unreported,
            )
        )
    lines += dose_measure_words(bundle)
    if facts.other_amount > 0:
        lines.append(_("Another amount than planned: {n} times.").format(n=facts.other_amount))
    if facts.late or facts.vomited:
        lines.append(
            _("Imatinib taken late: {late} times; vomited after it: {vomited} times.").format(
                late=facts.late, vomited=facts.vomited
            )
        )
    days = days_of(bundle)
    itch = max((day.itch for day in days if day.itch is not None), default=None)
    hottest = max((day.temperature for day in days if day.temperature is not None), default=None)
    if itch is not None:
        lines.append(_("Worst itch {itch} of 10.").format(itch=itch))
    if hottest is not None:
        lines.append(_("Highest temperature {value} degrees C.").format(value=amount(hottest)))
    return lines


def _labs(bundle: VisitBundle) -> list[str]:
    outside = [lab for lab in bundle.labs if limit_words(lab)]
    newest: dict[str, LabLine] = {}
    for lab in sorted(outside, key=lambda lab: lab.taken_on):
        newest[lab.name] = lab
    return [
        _("{name} {value} {unit}, {limit}, {day}").format(
            name=lab_words(lab.name),
            value=amount(lab.value),
            unit=lab.unit,
            limit=limit_words(lab),
            day=day_words(lab.taken_on),
        )
        for lab in sorted(newest.values(), key=lambda lab: lab.taken_on, reverse=True)
    ][:LABS_SHOWN]


def _questions(bundle: VisitBundle) -> list[str]:
    asked = bundle.open_questions
    if not asked:
        return [_("The patient has written down no question.")]
    shown = asked if len(asked) <= QUESTIONS_SHOWN else asked[: QUESTIONS_SHOWN - 1]
    lines = [
        _("“{words}” ({day})").format(
            words=breakable(_cut(question.words)),
            day=day_words(question.asked_at.astimezone(ZoneInfo(bundle.time_zone)).date()),
        )
        for question in shown
    ]
    more = len(asked) - len(shown)
    if more:
        words = _n("{n} more in the table of questions", "{n} more in the table of questions", more)
        lines.append(words.format(n=more))
    return lines


def _cut(words: str) -> str:
    if len(words) <= QUESTION_LENGTH:
        return words
    return words[: QUESTION_LENGTH - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _alerts(bundle: VisitBundle) -> list[dict[str, str]]:
    found = by_urgency(bundle)
    lines = [
        {
            "level": alert.level,
            "words": _("{level}, {when}, {code}: {outcome}").format(
                level=level_words(alert.level),
                when=moment_words(alert.raised_at, bundle.time_zone),
                code=alert.code,
                outcome=outcome_words(alert.state, alert.outcome),
            ),
        }
        for alert in found[:ALERTS_SHOWN]
    ]
    if not lines:
        lines.append({"level": "", "words": _("No alert was raised in this period.")})
    if len(found) > ALERTS_SHOWN:
        words = _("{n} more in the table of alerts").format(n=len(found) - ALERTS_SHOWN)
        lines.append({"level": "", "words": words})
    return lines
