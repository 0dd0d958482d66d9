"""Every sentence can be translated, and every sentence for patients is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from diary_app.text import catalogues
from diary_app.text.domains import PATIENT, STAFF, domain_of
from diary_app.text.extract import domains_of, updated
from diary_app.text.languages import ENGLISH, LANGUAGES
from diary_app.text.sources import ROOT, Found, all_found, calls, parsed

# Set to True when the translation of what staff read is complete.
STAFF_IS_TRANSLATED = True
TRANSLATED = [language for language in LANGUAGES if language != ENGLISH]
STRICT = (PATIENT, STAFF) if STAFF_IS_TRANSLATED else (PATIENT,)

# What shows words to people: Flet's controls and our helpers, by the argument that holds them.
SHOWING = {
    "Text", "TextSpan", "body", "quiet", "heading", "main_button", "other_button", "call_button",
    "notice", "framed", "FilledButton", "OutlinedButton", "TextButton", "Button", "SnackBar",
    "Choice", "text", "fine", "part", "band", "button", "PageError", "RefusedError", "LinkError",
    "AnswerRefusedError", "ChangedElsewhereError", "NotInDiaryError",
}  # fmt: skip
NAMED = {
    "label", "title", "tooltip", "semantics_label", "hint_text", "helper", "error", "sentence",
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return all_found()


TREES = parsed()


def _holes(words: str) -> list[str]:
    return sorted(name for _text, name, _spec, _kind in Formatter().parse(words) if name)


def test_no_sentence_is_chosen_before_the_reader_is_known() -> None:
    early = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file, tree in TREES.items()
        for call in _at_import(tree)
    ]
    assert early == []


def _at_import(tree: ast.Module) -> list[ast.Call]:
    """Return the calls that run when the module is read: not those in the bodies of functions."""
    late = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for part in (node.body if isinstance(node.body, list) else [node.body])
        for inner in ast.walk(part)
    }
    return [call for call in calls(tree) if id(call) not in late]


def test_a_sentence_chosen_at_import_is_found() -> None:
    module = "from diary_app.text import _\nA = {'a': _('early')}\nB = lambda: _('late')\n"
    later = "def f(x=_('early too')):\n    return _('late')\nclass C:\n    d = _('and here')\n"
    found = _at_import(ast.parse(module + later))
    assert sorted(ast.unparse(call.args[0]) for call in found) == [
        "'and here'", "'early too'", "'early'",
    ]  # fmt: skip


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogues_hold_the_sentences_of_today(language: str, found: list[Found]) -> None:
    for domain in catalogues.DOMAINS:
        kept = {m.id for m in catalogues.read_catalog(language, domain) if m.id}
        today = {m.id for m in updated(language, domain, found) if m.id}
        assert kept == today, "run: python -m diary_app.text.extract"


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("domain", STRICT)
def test_every_sentence_is_translated_with_all_that_is_filled_in(
    language: str, domain: str
) -> None:
    wrong = []
    for message in catalogues.read_catalog(language, domain):
        if not message.id:
            continue
        one = message.id if isinstance(message.id, str) else message.id[-1]
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.fuzzy or not said or not all(said):
            wrong.append(f"not translated: {one}")
        elif _holes(said[-1]) != _holes(one) or any(
            set(_holes(each)) - set(_holes(one)) for each in said
        ):
            wrong.append(f"other words in braces: {one} | {said}")
    assert wrong == []


def test_no_screen_holds_a_sentence_that_cannot_be_translated() -> None:
    bare = []
    for file, tree in TREES.items():
        path = file.relative_to(ROOT).as_posix()
        if not path.startswith(
            (
                "diary_app/screens",
                "diary_app/components",
                "diary_app/api",
                "diary_app/services",
                "diary_app/state",
                "diary_app/app.py",
            )
        ):
            continue  # fmt: skip
        if path.startswith("diary_app/api/v1/"):
            continue  # the interface for programs: its words are for developers
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                bare += [f"{path}:{words.lineno}: {said}" for words, said in _bare(node)]
    assert bare == []


def _bare(call: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    """Yield the words that a call shows to people as they stand there."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    shown = [each.value for each in call.keywords if each.arg in NAMED]
    if name in SHOWING:
        shown += call.args
    for words in shown:
        for part in words.values if isinstance(words, ast.JoinedStr) else [words]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                said = part.value
                # Two letters in a row after a blank or a capital: words, not a key or a sign.
                if any(w[:1].isalpha() and len(w) > 2 for w in said.split()) and (
                    " " in said.strip() or said[:1].isupper()
                ):
                    yield words, said


def test_templates_hold_no_words_of_their_own() -> None:
    bare = []
    for file in sorted((ROOT / "diary_app").rglob("*.html")):
        if "ground" in file.parts:
            continue  # filled by ground/index.py with translated words alone
        text = file.read_text(encoding="utf-8")
        for mark, end in (("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<style", "</style>"),
                          ("<script", "</script>"), ("<", ">")):  # fmt: skip
            while mark in text:
                before, _mark, rest = text.partition(mark)
                text = f"{before}\n{rest.partition(end)[2]}"
        text = re.sub(r'[\w-]+="[^"\n]*"?', "", text)  # attributes that a macro adds to a tag
        bare += [f"{file.name}: {line.strip()}" for line in text.splitlines()
                 if any(c.isalpha() for c in line)]  # fmt: skip
    assert bare == []


def test_no_screen_of_patients_takes_its_words_from_the_files_for_staff() -> None:
    """Their own report is the clinic's report, so its words are the staff's."""
    reached = {file for file in TREES if file.parent == ROOT / "diary_app/screens/patient"}
    waiting = list(reached)
    while waiting:
        for name in _imported(waiting.pop()):
            file = ROOT / f"{name.replace('.', '/')}.py"
            if file in TREES and file not in reached:
                reached.add(file)
                waiting.append(file)
    speaking = {
        path
        for file in reached
        if domain_of(path := file.relative_to(ROOT).as_posix()) == STAFF and any(calls(TREES[file]))
    }
    assert speaking == set()


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(TREES[file]):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_a_sentence_for_both_is_in_the_file_for_patients() -> None:
    both = [Found("Save", None, "diary_app/cli.py", STAFF), Found("Save", None, "x.py", PATIENT)]
    assert domains_of(both) == {"Save": PATIENT}
    assert domains_of(both[::-1]) == {"Save": PATIENT}
