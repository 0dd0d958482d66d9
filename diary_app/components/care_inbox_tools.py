"""What stands around the alerts of the inbox: filters, search, trouble, the weekly list."""

import unicodedata
from collections.abc import Callable, Sequence

import flet as ft

from diary_app.components.care_parts import band, button, choices, fine
from diary_app.components.care_words import clock, plain_day, short_day
from diary_app.routes import SUMMARY, alert, patient
from diary_app.services.inbox import InboxPage, InboxRow
from diary_app.services.trouble import Trouble, UngradedLine, UntoldLine
from diary_app.text import _, _n

FIRST_TROUBLES = 4
WEEK = 7


def belongs(row: InboxRow, chosen: str) -> bool:
    """Return whether a filter (``open``, ``mine``, ``closed``) shows an alert."""
    if chosen == "closed":
        return row.state == "closed"
    return row.state != "closed" and (chosen == "open" or row.mine)


def matches(row: InboxRow, words: str) -> bool:
    """Return whether all the words stand in name, numbers, day of birth, or who has it."""
    born = row.patient.born_on
    where = " ".join(
        (
            row.patient.name,
            row.patient.code,
            row.code,
            born.isoformat(),
            plain_day(born),
            born.strftime("%d.%m.%Y"),
            row.held_by or "",
        )
    )
    return all(word in _plain(where) for word in _plain(words).split())


def _plain(words: str) -> str:
    """Return words without capitals and accents, for who cannot type them."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def filters(page: InboxPage, chosen: str, choose: Callable[[str], None]) -> ft.Control:
    """Return the filters, each with how many alerts it shows."""

    def count(name: str) -> int:
        return sum(belongs(row, name) for row in page.rows)

    closed = _("Closed today ({n})") if page.closed_days == 1 else _("Closed in 7 days ({n})")
    return choices(
        [
            ("open", _("Open ({n})").format(n=count("open"))),
            ("mine", _("Mine ({n})").format(n=count("mine"))),
            ("closed", closed.format(n=count("closed"))),
        ],
        chosen,
        choose,
        key="filter",
    )


def search_field(
    words: str,
    search: Callable[[str], None],
    typing: Callable[[bool], None],
    entered: Callable[[], None],
    field: ft.Ref[ft.TextField],
) -> ft.Control:
    """Return the field to search in.

    Args:
        words: Typed so far.
        search: Takes what is typed.
        typing: Told whether keys go into the field.
        entered: Called at the enter key.
        field: Takes the field, to put the cursor there.
    """
    return ft.TextField(
        ref=field,
        key="search",
        label=_("Search patient or alert"),
        value=words,
        prefix_icon=ft.Icons.SEARCH,
        suffix=ft.IconButton(
            ft.Icon(ft.Icons.CLEAR, size=18, semantics_label=_("Clear the search")),
            key="clear-search",
            on_click=lambda: search(""),
        )
        if words
        else None,
        dense=True,
        text_size=16,
        autocorrect=False,
        on_change=lambda event: search(event.control.value or ""),
        on_focus=lambda: typing(True),
        on_blur=lambda: typing(False),
        on_submit=entered,
    )


def closed_choice(days: int, choose: Callable[[int], None]) -> ft.Control:
    """Return the button that shows the closed alerts of a week, or of today alone."""
    words = _("Show the last 7 days") if days == 1 else _("Show today only")
    return ft.Row([button(words, lambda: choose(WEEK if days == 1 else 1), key="closed-days")])


def on_call_words(page: InboxPage) -> str:
    """Return who is on call now, rota by rota, in one line."""
    lines = [
        _("{rota}: {names}").format(rota=line.rota, names=", ".join(line.names) or _("nobody"))
        for line in page.on_call
    ]
    return _("On call now. {lines}").format(lines="; ".join(lines))


def nothing_words(chosen: str, words: str, found: Sequence[InboxRow], page: InboxPage) -> str:
    """Return what to say when a filter and a search show nothing."""
    if words.strip() and any(belongs(row, chosen) for row in page.rows):
        if found:
            return _n(
                "No match here; {n} alert matches in another list.",
                "No match here; {n} alerts match in another list.",
                len(found),
            ).format(n=len(found))
        return _("No alert matches this search.")
    closed = (
        _("No alerts were closed today.")
        if page.closed_days == 1
        else _("No alerts were closed in the last 7 days.")
    )
    sentence = {"open": _("No open alerts."), "mine": _("You hold no alerts."), "closed": closed}
    return f"{sentence[chosen]} {_checked(page)}"


def _checked(page: InboxPage) -> str:
    checked = page.watch.checked_at
    if checked is None:
        return _("Alerts were never checked here.")
    return _("Alerts last checked {time}.").format(time=clock(checked, page.watch.time_zone))


def weekly_line(page: InboxPage) -> list[ft.Control]:
    """Return the way to the weekly list, which alone can be worked off all at once."""
    if not page.to_review:
        return []
    go = ft.context.page
    return [
        ft.Row(
            [
                ft.Container(
                    fine(
                        _n(
                            "Weekly list: {n} patient waits to be reviewed.",
                            "Weekly list: {n} patients wait to be reviewed, one by one or all at "
                            "once.",
                            page.to_review,
                        ).format(n=page.to_review)
                    ),
                    expand=True,
                ),
                button(_("To the weekly list"), lambda: go.navigate(SUMMARY), key="to-weekly"),
            ]
        )
    ]


def any_trouble(trouble: Trouble) -> bool:
    """Return whether a person must make up for anything."""
    return bool(trouble.untold or trouble.ungraded or trouble.summary or trouble.key_lost)


@ft.component
def Troubles(trouble: Trouble) -> ft.Control:
    """Show what a person must make up for: one line each, the first few at once."""
    everything, show_everything = ft.use_state(False)
    lines = [
        *(
            (line.code, "urgent", _untold_words(line), alert(line.alert_id))
            for line in trouble.untold
        ),
        *((f"summary-{i}", "prompt", words, SUMMARY) for i, words in enumerate(trouble.summary)),
        *(
            (entry.patient_code, "prompt", _ungraded_words(entry), patient(entry.patient_id))
            for entry in trouble.ungraded
        ),
    ]
    shown = lines if everything else lines[:FIRST_TROUBLES]
    more = len(lines) - len(shown)
    return ft.Column(
        [
            *([band("urgent", _key_words(), key="trouble-key")] if trouble.key_lost else []),
            *(_line(f"trouble-{name}", level, words, path) for name, level, words, path in shown),
            *(
                [
                    button(
                        _("Show {n} more").format(n=more),
                        lambda: show_everything(True),
                        key="more-troubles",
                    )
                ]
                if more
                else []
            ),
        ],
        spacing=6,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _key_words() -> str:
    return _(
        "The key of this diary is missing: the words of patients, notes and photos cannot be read. "
        "Alerts and grades go on. Tell whoever runs the diary."
    )


def _untold_words(line: UntoldLine) -> str:
    if line.whom is None:
        return _("Alert {code}: a step of the escalation had nobody to tell.").format(
            code=line.code
        )
    return _("Alert {code}: the message to {name} failed for good. {error}").format(
        code=line.code, name=line.whom, error=line.error
    )


def _ungraded_words(entry: UngradedLine) -> str:
    return _("Could not be graded, please read: {name}, {code}, entry of {day}").format(
        name=entry.patient_name, code=entry.patient_code, day=short_day(entry.diary_on)
    )


def _line(key: str, level: str, words: str, path: str) -> ft.Control:
    page = ft.context.page
    return band(level, words, key=key, act=button(_("Open"), lambda: page.navigate(path)))
