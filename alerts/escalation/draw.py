"""Draws the life of an alert from the table that decides it: ``docs/escalation.md``.

``python -m alerts.escalation.draw > docs/escalation.md``
"""

import sys

from alerts.escalation.lengths import length_words
from alerts.escalation.machine import TRANSITIONS, Phase, Transition
from alerts.escalation.policy import (
    DEFAULT_POLICY,
    PROMPT_BECOMES_URGENT_SECONDS,
    Level,
    ladder_for,
    remind_seconds_for,
    repeat_seconds_for,
)
from alerts.escalation.quiet_hours import LONGEST_QUIET
from alerts.escalation.snooze import CAP, CHOICES

PHASE_WORDS = {
    Phase.OPEN: "nobody has it; its ladder climbs",
    Phase.HELD: "a named person has it",
    Phase.SNOOZED: "its holder asked to be told again at a set time",
    Phase.REMINDED: "its holder was told again and has one more round to close it",
    Phase.CLOSED: "a named person said what was done",
}
ACTORS = {
    "clock": "the clock",
    "holder": "its holder",
    "closer": "whoever closed it",
    "anyone": "a nurse or clinician",
}


def diagram() -> str:
    """Return the states and the ways between them as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {Phase.OPEN}: an entry or a result raises it"]
    for phase in Phase:
        lines += [
            f"    {phase} --> {each.target}: {each.act}{_by(each)}"
            for each in TRANSITIONS
            if phase in each.sources
        ]
    lines.append(f"    {Phase.CLOSED} --> [*]")
    return "\n".join(lines)


def page() -> str:
    """Return the whole page."""
    acts = [
        f"| {each.act} | {', '.join(p for p in Phase if p in each.sources)} | {each.target} "
        f"| {ACTORS[each.by]} | {each.words} |"
        for each in TRANSITIONS
    ]
    return "\n".join(
        [
            "# The life of an alert",
            "",
            "Drawn from `alerts/escalation/machine.py` by `python -m alerts.escalation.draw`; "
            "a test holds it current.",
            "",
            "```mermaid",
            diagram(),
            "```",
            "",
            "| State | What it means |",
            "|---|---|",
            *(f"| {phase} | {words} |" for phase, words in PHASE_WORDS.items()),
            "",
            "| Act | From | To | By | When |",
            "|---|---|---|---|---|",
            *acts,
            "",
            "Acts of the clock (*by clock* above) stand in the order in which they are done when "
            "several are due. An entry that is",
            "worse than an open alert raises its level and starts its ladder again.",
            "",
            "## The standard policy",
            "",
            "| Level | Step | After | Tells |",
            "|---|---|---|---|",
            *_steps("urgent"),
            *_steps("prompt"),
            "",
            *_rules(),
            "",
        ]
    )


def _by(each: Transition) -> str:
    return " (by clock)" if each.by == "clock" else ""


def _steps(level: Level) -> list[str]:
    after, rows = 0, []
    for number, step in enumerate(ladder_for(DEFAULT_POLICY, level).steps, start=1):
        after += step.wait_seconds
        told = ", ".join(word.partition(":")[2] + "s" for word in step.notify)
        rows.append(f"| {level} | {number} | {length_words(after)} | {told} |")
    repeat = length_words(repeat_seconds_for(DEFAULT_POLICY, level))
    return [*rows, f"| {level} | last | again every {repeat} | the same |"]


def _rules() -> list[str]:
    urgent = length_words(int(CAP["urgent"].total_seconds()))
    prompt = length_words(int(CAP["prompt"].total_seconds()))
    choices = ", ".join(str(int(each.total_seconds()) // 60) for each in CHOICES)
    quiet = length_words(int(LONGEST_QUIET.total_seconds()))
    held = length_words(remind_seconds_for(DEFAULT_POLICY, "urgent"))
    handled = length_words(PROMPT_BECOMES_URGENT_SECONDS)
    return [
        f"- A prompt alert that is not closed after {handled} becomes urgent, taken or not.",
        f"- Whoever took an urgent alert and did not close it is told again after {held}; one "
        "round later it goes back to the ladder.",
        f"- Snooze: {choices} minutes; in all at most {urgent} for an urgent alert and {prompt} "
        "for a prompt one.",
        "- A step without anybody to tell is skipped at once and written into the history. If the "
        "last one is empty, the people of the whole ladder are told, else everybody.",
        f"- Quiet hours hold the messages of prompt alerts, {quiet} at most; steps go on, and what "
        "becomes urgent is told at once.",
        "- The policy is copied into each alert when it is raised. Who is in a team or on call "
        "is looked up when a step is due.",
    ]


if __name__ == "__main__":
    sys.stdout.write(page())
