"""Every sentence that must be translated, and where it stands: sources, templates and rules."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2.ext import babel_extract

from diary_app.text.born_elsewhere import born_elsewhere
from diary_app.text.domains import PATIENT, domain_of

ROOT = Path(__file__).parents[2]
_CALLS = {"_": "gettext", "_n": "ngettext"}


@dataclass(frozen=True, slots=True)
class Found:
    """One sentence where it stands.

    Attributes:
        one: The sentence, in English.
        many: Its plural; None for a sentence without a count.
        path: Of the source, below the root of the project.
    """

    one: str
    many: str | None
    path: str
    domain: str

    @property
    def key(self) -> str | tuple[str, str]:
        """What Babel calls the message's id."""
        return self.one if self.many is None else (self.one, self.many)


class LiteralError(ValueError):
    """A sentence is put together before it is looked up, so that no catalogue can hold it."""


def all_found() -> list[Found]:
    """Return every sentence, in the order of the sources.

    Raises:
        LiteralError: A call of ``_`` or ``_n`` has something else than whole sentences in it.
    """
    return [*_in_python(), *_in_templates(), *_in_rules()]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of ``_`` and ``_n`` in a module that imports them from `diary_app.text`."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "diary_app.text"
        for alias in node.names
    }
    names = imported & set(_CALLS)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


@cache
def parsed() -> Mapping[Path, ast.Module]:
    """Return the sources of the product's screens, in order."""
    files = sorted((ROOT / "diary_app").rglob("*.py"))
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}


def _in_python() -> Iterator[Found]:
    for file, tree in parsed().items():
        path = file.relative_to(ROOT).as_posix()
        for call in calls(tree):
            many = isinstance(call.func, ast.Name) and call.func.id == "_n"
            words = call.args[:2] if many else call.args[:1]
            literals = [
                each.value
                for each in words
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if len(literals) == (2 if many else 1):
                yield Found(literals[0], literals[1] if many else None, path, domain_of(path))
            else:
                raise LiteralError(f"{path}:{call.lineno}: {ast.unparse(call)}")


def _in_templates() -> Iterator[Found]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    for file in sorted((ROOT / "diary_app").rglob("*.html")):
        path = file.relative_to(ROOT).as_posix()
        with file.open("rb") as lines:
            for _line, _name, message, _comments in babel_extract(lines, list(_CALLS), [], options):
                if message is None:
                    continue
                if isinstance(message, str):
                    yield Found(message, None, path, domain_of(path))
                else:
                    yield Found(str(message[0]), str(message[1]), path, domain_of(path))


def _in_rules() -> Iterator[Found]:
    for sentence, path in born_elsewhere():
        yield Found(sentence, None, path, PATIENT)
