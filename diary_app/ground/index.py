"""The page that starts the app, the page without a connection, and the files they need."""

import hashlib
import html
import json
from pathlib import Path

from diary_app.ground.headers import app_policy, plain_policy, source_hash
from diary_app.ground.shell import Shell
from diary_app.ground.strip import connection_strip
from diary_app.text import _

_WEB = Path(__file__).parent / "web"


def _read(name: str) -> str:
    return (_WEB / name).read_text(encoding="utf-8")


def _fill(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{{{name}}}}}", value)
    return template


def _words(shell: Shell) -> dict[str, str]:
    number, phone = html.escape(shell.emergency_number), html.escape(shell.clinic_phone)
    urgent = html.escape(
        _(
            "If you have trouble breathing, chest pain, swelling of lips or tongue, or feel very"
            " ill: call {emergency} now. Your clinic: {phone}"
        )
    ).format(
        emergency=f'<a href="tel:{number}">{number}</a>',
        phone=f'<a href="tel:{phone}">{phone}</a>',
    )
    return {
        "language": html.escape(shell.language),
        "app_name": html.escape(shell.app_name),
        "clinic_name": html.escape(shell.clinic_name),
        "urgent": urgent,
        "light_page": _link(
            shell.light_page,
            "now",
            _("Report fever, a danger sign or a photo now, without waiting"),
        ),
        "light_page_again": _link(
            shell.light_page, "again", _("You need not wait: report on the simple page")
        ),
        "loading": html.escape(_("Your diary is opening. This can take a moment.")),
        "late": html.escape(
            _("It is still loading. On a slow connection the first time can take a minute.")
        ),
        "noscript": html.escape(_("Please allow JavaScript for this page, then load it again.")),
        "heading": html.escape(_("No connection")),
        "nothing_lost": html.escape(_("Your diary needs the internet. Nothing you saved is lost.")),
        "again": html.escape(_("Try again")),
        "connection": connection_strip(shell),
    }


def _link(path: str, kind: str, words: str) -> str:
    if not path:
        return ""
    return f'<a class="{kind}" href="{html.escape(path)}">{html.escape(words)}</a>'


class Pages:
    """The pages of one version of the app's files.

    Args:
        version: Of the packed files; part of their address.
    """

    def __init__(self, version: str) -> None:
        self.base = f"/_v/{version}/"
        place = {"base": self.base}
        self._scripts = {
            "config": _fill(_read("config.js"), place),
            "extras": _fill(_read("reconnect.js") + _read("extras.js"), place),
        }
        styled = {"style": _read("index.css")}
        self._index = _fill(_read("index.html"), self._scripts | styled | place)
        self._hashes = [source_hash(script) for script in self._scripts.values()]
        self._style = _read("offline.css")
        self._offline = _fill(_read("offline.html"), {"style": self._style})
        self.worker = _fill(_read("sw.js"), place)
        # The start page's own version; the words in it are not part of it.
        self.version = self.base + hashlib.sha256(self._index.encode()).hexdigest()[:12]

    def index(self, shell: Shell) -> str:
        """Return the page that starts the app."""
        return _fill(self._index, _words(shell))

    def index_policy(self, hosts: list[str]) -> str:
        """Return its content security policy, for a server found under these hosts."""
        return app_policy(self._hashes, hosts)

    def offline(self, shell: Shell) -> str:
        """Return the page shown without a connection."""
        return _fill(self._offline, _words(shell))

    def offline_policy(self) -> str:
        """Return its content security policy."""
        return plain_policy(self._style)

    def manifest(self, shell: Shell) -> str:
        """Return the web app manifest."""
        words = {
            "app_name": shell.app_name,
            "language": shell.language,
            "report": _("Report now, without waiting"),
            "light_page": shell.light_page or "/",
        }
        quoted = {name: json.dumps(text)[1:-1] for name, text in words.items()}
        return _fill(_read("manifest.json"), {"base": self.base} | quoted)
