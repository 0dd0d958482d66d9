"""Ending a patient's follow-up, and offering them to another clinic of the installation."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_confirm import confirm_dialog
from diary_app.components.care_parts import band, button, fine, text, title
from diary_app.components.care_pick import pick_list
from diary_app.components.care_reading import attempt, tell
from diary_app.services.moves import Leaving, Moves
from diary_app.text import _

Act = Callable[[], Awaitable[None]]
REASONS: Mapping[str, Callable[[], str]] = {
    "finished": lambda: _("Treatment or follow-up is finished"),
    "elsewhere": lambda: _("Is treated elsewhere, outside this diary"),
    "own_wish": lambda: _("The patient's own wish"),
    "died": lambda: _("Has died"),
    "by_mistake": lambda: _("Was added by mistake"),
    "other": lambda: _("Another reason"),
}


@keyed
def FollowUpPanel(
    patient_id: UUID, name: str, moves: Moves, left: Act, changed: Callable[[str], None]
) -> ft.Control:
    """Ask how follow-up ends; nothing happens before a second press.

    Args:
        patient_id: Somebody in follow-up.
        name: For the question.
        moves: Of the desk.
        left: Called when follow-up has ended.
        changed: Told in a sentence when an offer was made or taken back.
    """
    nothing: Leaving | None = None
    known, set_known = ft.use_state(nothing)
    asking, ask = ft.use_state("")
    reason, set_reason = ft.use_state("")
    clinic, set_clinic = ft.use_state("")

    async def begin() -> None:
        found = await attempt(moves.leaving, patient_id)
        set_known(lambda _before: found)

    async def done(sentence: str, *, gone: bool = False) -> None:
        ask("")
        set_known(lambda _before: None)
        if gone:
            await left()
        else:
            changed(sentence)

    async def end() -> None:
        ended = await attempt(_true(moves.end), patient_id, reason)
        if ended:
            await done("", gone=True)
        else:
            ask("")

    async def offer() -> None:
        if await attempt(_true(moves.offer), patient_id, UUID(clinic)):
            await done(_("The other clinic was asked. Until it answers, nothing changes."))
        else:
            ask("")

    async def withdraw() -> None:
        if isinstance(known, Leaving) and known.handover_id is not None:
            await attempt(_true(moves.withdraw), known.handover_id)
            await done(_("The offer is taken back."))

    page = ft.context.page

    def ask_end() -> None:
        if reason:
            ask("end")
        else:
            tell(page, _("Choose first why follow-up ends."))

    def ask_offer() -> None:
        if clinic:
            ask("offer")
        else:
            tell(page, _("Choose the clinic first."))

    ft.use_dialog(_question(asking, name, known, end, offer, lambda: ask("")))
    if not isinstance(known, Leaving):
        return ft.Row([button(_("End or hand over"), begin, key="leave")])
    if known.open_codes:
        codes = ", ".join(known.open_codes)
        return band(
            "prompt",
            _("An alert of this patient is still open: {codes}. Close it first.").format(
                codes=codes
            ),
            key="leave-blocked",
        )
    shown: list[ft.Control] = [
        pick_list(
            _("Why does follow-up end?"),
            {value: words() for value, words in REASONS.items()},
            reason,
            set_reason,
            key="end-reason",
            width=380,
        ),
        ft.Row([button(_("End follow-up"), ask_end, key="end")]),
    ]
    if known.clinics:
        shown += [title(_("Another clinic of this diary"), 3)]
        shown += _offer_part(known, clinic, set_clinic, ask_offer, withdraw)
    return ft.Column(shown, spacing=10)


def _offer_part(
    known: Leaving, clinic: str, choose: Callable[[str], None], ask: Callable[[], None], back: Act
) -> list[ft.Control]:
    if known.handover_id is not None:
        words = _("Offered to {clinic}, which has not answered yet.")
        return [
            text(words.format(clinic=known.offered_to)),
            ft.Row([button(_("Take the offer back"), back, key="withdraw")]),
        ]
    names = {str(clinic_id): name for clinic_id, name in known.clinics}
    return [
        fine(_("The diary goes with the patient, once the other clinic accepts.")),
        pick_list(_("Clinic"), names, clinic, choose, key="to-clinic", width=380),
        ft.Row([button(_("Offer the patient"), ask, key="offer")]),
    ]


def _question(
    asking: str, name: str, known: object, end: Act, offer: Act, back: Callable[[], None]
) -> ft.AlertDialog | None:
    if asking == "end":
        silent = ", ".join(known.silent_codes) if isinstance(known, Leaving) else ""
        closes = _("The alert about silence is closed with it: {codes}.").format(codes=silent)
        return confirm_dialog(
            _("End the follow-up of {name}?").format(name=name),
            [
                _("Reminders end, and nobody is told when no entry comes."),
                _("The patient can no longer open the diary. Tell them whom to call instead."),
                _("The diary is kept, and you can let follow-up go on later."),
            ],
            _("End follow-up"),
            end,
            back,
            warnings=[closes] if silent else [],
        )
    if asking == "offer":
        return confirm_dialog(
            _("Offer {name} to another clinic?").format(name=name),
            [
                _("Its team sees the name, code and birth date, and can accept or decline."),
                _("Until it accepts, your team follows the patient and gets the alerts."),
                _("When it accepts, it gets a copy of the whole diary and your follow-up ends."),
            ],
            _("Offer the patient"),
            offer,
            back,
        )
    return None


def _true(act: Callable[..., object]) -> Callable[..., bool]:
    """Return the same act, which answers True when it was not refused."""

    def done(*arguments: object) -> bool:
        act(*arguments)
        return True

    return done
