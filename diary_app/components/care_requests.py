"""Data requests on the screen: what waits, what was done, and what an erasure takes and leaves."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import band, button, fine, text
from diary_app.components.care_proof import proved
from diary_app.components.care_shell import use_care
from diary_app.components.care_words import Word, when, word
from diary_app.routes import DATA_REQUESTS
from diary_app.services.care_errors import REFUSALS
from diary_app.services.data_requests import DataRequests, RequestLine
from diary_app.text import _, _n

KINDS: Mapping[str, Word] = {
    "export": lambda: _("Everything taken along"),
    "correction": lambda: _("Correction"),
    "erasure": lambda: _("Erasure"),
}
STATES: Mapping[str, Word] = {
    "open": lambda: _("waits for a second person"),
    "done": lambda: _("done"),
    "withdrawn": lambda: _("withdrawn"),
}
FIELDS: Mapping[str, Word] = {
    "name": lambda: _("Full name"),
    "code": lambda: _("Clinic code"),
    "born_on": lambda: _("Birth date"),
    "phone": lambda: _("Phone"),
}
TABLES: Mapping[str, Word] = {
    "entry": lambda: _("entries"),
    "photo": lambda: _("photos"),
    "dose_record": lambda: _("doses"),
    "assessment": lambda: _("estimated grades"),
    "plan_step": lambda: _("plan steps"),
    "lab_result": lambda: _("laboratory values"),
    "other_medicine": lambda: _("other medicines"),
    "weekly_report": lambda: _("weekly answers"),
    "sign_in": lambda: _("sign-ins on devices"),
    "notification": lambda: _("messages to the patient"),
}


def erasure_bands(waiting: int) -> list[ft.Control]:
    """Return that erasures wait for this person to confirm or withdraw, with the way there."""
    if not waiting:
        return []
    words = _n(
        "{count} erasure of a patient's data waits for you, the second person.",
        "{count} erasures of patients' data wait for you, the second person.",
        waiting,
    ).format(count=waiting)
    there = ft.context.page.navigate
    see = button(_("See and decide"), lambda: there(DATA_REQUESTS), key="see-erasures")
    return [band("prompt", words, key="erasures", act=see)]


def row_words(rows: Sequence[tuple[str, int]]) -> str:
    """Return what is or would be erased, in counts; what has no word of its own is summed up."""
    named = [f"{n} {TABLES[name]()}" for name, n in rows if name in TABLES]
    others = sum(n for name, n in rows if name not in TABLES)
    if others:
        named.append(_("{n} other records").format(n=others))
    return ", ".join(named) or _("nothing but the name")


def erased_and_kept() -> list[ft.Control]:
    """Return what an erasure takes, and what stays and why."""
    return [
        text(
            _(
                "Erased for good: name, birth date, phone, entries, photos, doses, plan, "
                "laboratory values, grades, notes on alerts, reasons of alerts, messages to the "
                "patient, sign-ins on devices."
            )
        ),
        text(
            _(
                "Kept without a name: that alerts were raised, when, who took them and how they "
                "ended (so that the clinic can show that it acted); who did what when (the audit "
                "chain, which holds no diary); when the patient consented; this request."
            )
        ),
        fine(
            _(
                "Backups made before still hold the data until they are overwritten; do the "
                "erasure again after restoring one."
            )
        ),
    ]


@keyed
def RequestCard(
    desk: DataRequests,
    line: RequestLine,
    zone: str,
    now: datetime,
    done: Callable[[str], Awaitable[None]],
) -> ft.Control:
    """Show one request; an open one with its buttons. ``done`` gets a sentence after an act."""
    care, page = use_care(), ft.context.page
    typed, type_code = ft.use_state("")
    problem, set_problem = ft.use_state("")

    async def act(call: Callable[[], object], words: str) -> None:
        try:
            await proved(page, care.desk.proof, call)
        except REFUSALS as error:
            set_problem(str(error))
        else:
            await done(words)

    async def confirm() -> None:
        await act(lambda: desk.confirm(line.id, typed), _("The data are erased."))

    async def withdraw() -> None:
        await act(lambda: desk.withdraw(line.id), _("The request is withdrawn."))

    head = _("{kind} of {code}: {state}").format(
        kind=word(KINDS, line.kind), code=line.patient_code, state=word(STATES, line.state)
    )
    shown: list[ft.Control] = [
        text(head, strong=True),
        fine(
            _("Asked by {name}, {time}: {reason}").format(
                name=line.asked_by, time=when(line.asked_at, zone, now), reason=line.reason
            )
        ),
    ]
    if line.decided_at is not None:
        shown.append(
            fine(
                _("{state} by {name}, {time}").format(
                    state=word(STATES, line.state),
                    name=line.decided_by,
                    time=when(line.decided_at, zone, now),
                )
            )
        )
    if line.kind == "erasure" and line.state == "done":
        shown.append(text(_("Erased: {what}.").format(what=row_words(line.erased))))
    if line.fields:
        fields = ", ".join(word(FIELDS, name) for name in line.fields)
        shown.append(text(_("Corrected: {what}.").format(what=fields)))
    if line.state == "open" and line.mine:
        shown.append(fine(_("You asked for it; somebody else must confirm it.")))
    if line.state == "open" and not line.mine:
        shown += [
            *erased_and_kept(),
            ft.TextField(
                key=f"confirm-code-{line.patient_code}",
                label=_("Type the patient's code to confirm"),
                value=typed,
                error=problem or None,
                on_change=lambda event: type_code(event.control.value),
            ),
        ]
    if line.state == "open":
        buttons = [button(_("Withdraw"), withdraw, key=f"withdraw-{line.patient_code}")]
        if not line.mine:
            erase = button(
                _("Erase for good"),
                confirm,
                key=f"erase-{line.patient_code}",
                icon=ft.Icons.DELETE_FOREVER,
                main=True,
            )
            buttons.insert(0, erase)
        shown.append(ft.Row(buttons, wrap=True, spacing=10))
    return ft.Container(
        key=f"request-{line.id}",
        padding=ft.Padding.symmetric(vertical=8),
        content=ft.Column(shown, spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
    )


def problem_band(sentence: str) -> list[ft.Control]:
    """Return a refusal across the page, when there is one."""
    return [band("prompt", sentence, key="problem")] if sentence else []
