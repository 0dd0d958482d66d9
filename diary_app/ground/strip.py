"""What the page says while the server cannot be reached: what is not kept, and other ways."""

import html
from pathlib import Path

from diary_app.ground.shell import Shell
from diary_app.text import _

_TEMPLATE = Path(__file__).parent / "web" / "connection.html"


def connection_strip(shell: Shell) -> str:
    """Return the strip's place on the page, its looks and its words, as HTML.

    ``web/reconnect.js`` shows it; ``<time>`` is filled with when the server was last heard.
    """
    markup = _TEMPLATE.read_text(encoding="utf-8")
    words = _patient(shell) if shell.light_page else _staff()
    for name, value in (words | {"time_zone": html.escape(shell.time_zone)}).items():
        markup = markup.replace(f"{{{{{name}}}}}", value)
    return markup


def _patient(shell: Shell) -> dict[str, str]:
    number, phone = shell.emergency_number, shell.clinic_phone
    # The app's own buttons need the server to call.
    ways = [
        (html.escape(to), html.escape(words))
        for to, words in (
            (f"tel:{number}", _("Emergency: call {number}").format(number=number)),
            (f"tel:{phone}", _("Call the clinic {number}").format(number=phone)),
            (shell.light_page, _("Report on the simple page")),
        )
    ]
    return {
        "lost": _timed(_("No connection: not kept since {clock}.")),
        "kept": html.escape(_("What was kept before is safe.")),
        "slow": html.escape(_("Slow connection: your last answer is not kept yet.")),
        "back": html.escape(_("Connected again. Please look at your last answer.")),
        "ways": "<nav>" + "".join(f'<a href="{to}">{words}</a>' for to, words in ways) + "</nav>",
    }


def _staff() -> dict[str, str]:
    return {
        "lost": _timed(_("No connection since {clock}: this screen may be out of date.")),
        "kept": "",
        "slow": html.escape(_("Slow connection. Please wait.")),
        "back": html.escape(_("Connected again.")),
        "ways": "",
    }


def _timed(sentence: str) -> str:
    return html.escape(sentence).format(clock="<time></time>")
