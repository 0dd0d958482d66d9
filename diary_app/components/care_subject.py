"""One patient in the data requests: take everything along, correct who they are, erase."""

from collections.abc import Awaitable, Callable

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine, part, text
from diary_app.components.care_proof import proved
from diary_app.components.care_requests import erased_and_kept, problem_band, row_words
from diary_app.components.care_shell import use_care
from diary_app.routes import everything
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.services.data_requests import Correction, DataRequests, Subject
from diary_app.text import _

_FINE: tuple[str, str] = ("", "")


@keyed
def SubjectPanel(
    desk: DataRequests, known: Subject, may_export: bool, done: Callable[[str], Awaitable[None]]
) -> ft.Control:
    """Offer the three things that can be done; ``done`` gets a sentence once one is."""
    typed, set_typed = ft.use_state(
        {
            "name": known.name,
            "code": known.code,
            "born_on": known.born_on.isoformat(),
            "phone": known.phone,
        }
    )
    problem, set_problem = ft.use_state(_FINE)
    where, sentence = problem
    care, page = use_care(), ft.context.page

    def field(name: str, label: str, hint: str = "") -> ft.Control:
        def changed(event: ft.Event[ft.TextField]) -> None:
            value = event.control.value
            set_typed(lambda before: {**before, name: value})

        return ft.TextField(
            key=f"data-{name}",
            label=label,
            helper=hint or None,
            value=typed.get(name, ""),
            error=sentence if where == name else None,
            on_change=changed,
        )

    async def act(call: Callable[[], object], words: str, reason: str, nobody: str = "") -> None:
        try:
            result = await proved(page, care.desk.proof, call)
        except UnusableAnswerError as error:
            set_problem((reason if error.field == "reason" else error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            await done(nobody if nobody and not result else words)

    async def correct() -> None:
        form = Correction(
            name=typed["name"],
            code=typed["code"],
            born_on=typed["born_on"],
            phone=typed["phone"],
            reason=typed.get("why", ""),
        )
        await act(
            lambda: desk.correct(known.id, form),
            _("{code} is kept as corrected.").format(code=form.code.strip()),
            "why",
        )

    async def ask() -> None:
        code, reason = typed.get("typed", ""), typed.get("why_erase", "")
        await act(
            lambda: desk.ask_erasure(known.code, code, reason),
            _("Asked. Whoever else may confirm the erasure gets a message."),
            "why_erase",
            _(
                "Asked. Nobody else of the clinic may confirm it yet: an administrator invites a "
                "second clinician or administrator."
            ),
        )

    async def take_along() -> None:
        await ft.UrlLauncher().launch_url(everything(known.id), web_only_window_name="_blank")

    zip_file = button(
        _("Take everything along"), take_along, key="everything", icon=ft.Icons.FOLDER_ZIP
    )
    why = _("How the patient asked, such as: letter of 3 March. No health data.")
    return ft.Column(
        [
            *problem_band("" if where else sentence),
            part(
                _("Everything about {code}").format(code=known.code),
                [
                    text(_("The report, tables, photos and every record kept, as one ZIP file.")),
                    ft.Row([zip_file])
                    if may_export
                    else fine(_("A clinician takes it along here: it holds the diary.")),
                ],
            ),
            part(
                _("Correct who {code} is").format(code=known.code),
                [
                    field("name", _("Full name")),
                    field("code", _("Clinic code")),
                    field("born_on", _("Birth date"), _("YYYY-MM-DD")),
                    field("phone", _("Phone")),
                    field("why", _("Reason"), why),
                    fine(
                        _(
                            "Entries are corrected by the patient as a new version; a wrong "
                            "laboratory value is withdrawn on the patient's page."
                        )
                    ),
                    ft.Row([button(_("Correct"), correct, key="correct")]),
                ],
            ),
            part(
                _("Erase {code}").format(code=known.code),
                [
                    text(_("Kept of this patient now: {what}.").format(what=row_words(known.rows))),
                    *erased_and_kept(),
                    field("why_erase", _("Reason"), why),
                    field("typed", _("Type the patient's code to confirm")),
                    ft.Row(
                        [
                            button(
                                _("Ask for the erasure"),
                                ask,
                                key="ask-erasure",
                                icon=ft.Icons.DELETE_FOREVER,
                            )
                        ]
                    ),
                ],
            ),
        ],
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
