"""The clinic's patients: who wrote when, where it goes, on which dose, whom to call first."""

from collections.abc import Callable

import flet as ft

from diary_app.components.care_parts import band, button, choices, fine, text
from diary_app.components.care_pick import pick_list
from diary_app.components.care_reading import use_reading
from diary_app.components.care_roster_row import head_row, patient_row
from diary_app.components.care_roster_words import explanation, matches, rank, shown, sort_words
from diary_app.components.care_shell import Care, reading_body, shell, use_care
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.routes import (
    CONSENTS_PAGE,
    DATA_REQUESTS,
    MOVES,
    NEW_PATIENT,
    PATIENT_LIST,
    PATIENTS,
    patient,
)
from diary_app.services.roster_list import RosterRow
from diary_app.text import _, _n

FIRST = ("call", False)
# So many rows are drawn at first: every one costs time with each letter of a search.
MOST_ROWS = 60


@screen_component
def RosterScreen() -> ft.View:
    """Show the patients in follow-up, open alerts first, then the longest silent."""
    care = use_care()
    sought, seek = ft.use_state("")
    what, show_only = ft.use_state("all")
    order, set_order = ft.use_state(FIRST)
    most, set_most = ft.use_state(MOST_ROWS)
    roster = care.desk.roster
    reading = use_reading(lambda _again: roster.list(), roster.topic, [care.desk])
    moves, ends = care.desk.moves, care.desk.me.may("patient.end")
    offers = use_reading(
        lambda _again: moves.waiting_for_us() if ends else 0, roster.topic, [care.desk]
    )
    refusals = use_reading(lambda _again: care.desk.consents.said_no(), roster.topic, [care.desk])
    page = reading.value
    if page is None:
        return shell(care, _("Patients"), reading_body(reading.problem), place=PATIENTS, watch=None)
    by, descending = order if page.clinical else ("name", False)
    rows = [row for row in page.rows if matches(row, sought) and shown(row, what)]
    rows.sort(key=lambda row: rank(row, by), reverse=descending)

    def sort(column: str) -> None:
        set_order(lambda before: (column, before == (column, False)))

    count = _("{n} of {all} patients").format(n=len(rows), all=len(page.rows))
    body: list[ft.Control] = [
        *_offers(offers.value or 0),
        *_refused(refusals.value or 0),
        _top(care, sought, seek),
    ]
    if page.clinical:
        body.append(_choice(care, page.rows, what, show_only))
        if not care.wide:
            body.append(pick_list(_("Sort by"), sort_words(), by, sort, key="sort-by", width=380))
    body.append(ft.Semantics(live_region=True, content=fine(count)))
    if page.clinical and care.wide and rows:
        body.append(head_row(by, descending, sort))
    body += [
        patient_row(row, clinical=page.clinical, wide=care.wide, opened=patient(row.patient.id))
        for row in rows[:most]
    ]
    if len(rows) > most:
        left = _("Show {n} more").format(n=len(rows) - most)
        body.append(ft.Row([button(left, lambda: set_most(len(page.rows)), key="show-more")]))
    if not page.rows:
        body.append(text(_("Nobody is in the list yet. Add a patient, or import a list.")))
    elif page.clinical:
        body.append(fine(explanation()))
    return shell(care, _("Patients"), body, place=PATIENTS, watch=page.watch)


def _offers(waiting: int) -> list[ft.Control]:
    if not waiting:
        return []
    go = ft.context.page
    words = _n(
        "Another clinic offers you {count} patient.",
        "Other clinics offer you {count} patients.",
        waiting,
    )
    see = button(_("See and answer"), lambda: go.navigate(MOVES), key="see-offers")
    return [band("prompt", words.format(count=waiting), key="offers", act=see)]


def _refused(count: int) -> list[ft.Control]:
    if not count:
        return []
    words = _n("{count} patient said no.", "{count} patients said no.", count).format(count=count)
    see = button(_("Consent of patients"), _to_consents, key="see-consents")
    return [band("prompt", f"{_('Consent')}: {words}", key="refusals", act=see)]


async def _to_consents() -> None:
    await open_same_window(CONSENTS_PAGE)


def _top(care: Care, sought: str, seek: Callable[[str], None]) -> ft.Control:
    go = ft.context.page
    may = care.desk.me.may
    search = ft.TextField(
        key="search",
        label=_("Search name, code or birth date"),
        prefix_icon=ft.Icons.SEARCH,
        value=sought,
        on_change=lambda event: seek(event.control.value),
    )
    acts: list[ft.Control] = []
    if may("patient.enroll"):
        acts += [
            button(
                _("Add patient"),
                lambda: go.navigate(NEW_PATIENT),
                key="add-patient",
                icon=ft.Icons.PERSON_ADD,
                main=True,
            ),
            button(
                _("Import a list"),
                lambda: go.navigate(PATIENT_LIST),
                key="import-list",
                icon=ft.Icons.UPLOAD_FILE,
            ),
        ]
    if may("patient.end"):
        acts.append(
            button(
                _("Moved or ended"),
                lambda: go.navigate(MOVES),
                key="moves",
                icon=ft.Icons.SWAP_HORIZ,
            )
        )
    if may("consent.read"):
        acts.append(
            button(
                _("Consent"),
                _to_consents,
                key="consents",
                icon=ft.Icons.FACT_CHECK_OUTLINED,
            )
        )
    if may("data.request"):
        acts.append(
            button(
                _("Data requests"),
                lambda: go.navigate(DATA_REQUESTS),
                key="data-requests",
                icon=ft.Icons.FOLDER_SHARED,
            )
        )
    if care.wide:
        search.expand = True
        return ft.Row([search, *acts], spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    return ft.Column(
        [search, ft.Row(acts, wrap=True, spacing=8, run_spacing=8)],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _choice(
    care: Care, rows: tuple[RosterRow, ...], what: str, choose: Callable[[str], None]
) -> ft.Control:
    names = {
        "all": _("All: {n}"),
        "alert": _("Open alert: {n}"),
        "silent": _("Silent: {n}"),
        "window": _("In window: {n}"),
    }
    told = {
        name: words.format(n=sum(shown(row, name) for row in rows)) for name, words in names.items()
    }
    if not care.wide:
        return pick_list(_("Show"), told, what, choose, key="show", width=380)
    return ft.Row([choices(list(told.items()), what, choose, key="show")])
