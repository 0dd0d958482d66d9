"""All that a patient owns of the diary in one ZIP: the report, the tables, the photos."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from diary_app.exports.bundle import VisitBundle
from diary_app.exports.pdf import visit_report
from diary_app.exports.pdf_errors import ReportError
from diary_app.exports.table import archive, member
from diary_app.text import _


def own_archive(bundle: VisitBundle, who_looked: str | None = None) -> bytes:
    """Return the archive of `diary_app.exports.table` with the report and a page to begin with.

    A report that cannot be typeset is left out, and the first page says so.

    Args:
        bundle: The whole diary.
        who_looked: CSV of who looked at the diary; None = it is not part of it.
    """
    try:
        report = visit_report(bundle)
    except ReportError:
        report = None
    kept = BytesIO(archive(bundle))
    first_page = _read_me(report is not None, who_looked is not None)
    with ZipFile(kept, "a") as packed:
        packed.writestr(member("read-me.txt", bundle.made_at), first_page, ZIP_DEFLATED)
        if who_looked is not None:
            packed.writestr(
                member("who-looked.csv", bundle.made_at), who_looked.encode(), ZIP_DEFLATED
            )
        if report is not None:
            packed.writestr(member("my-diary.pdf", bundle.made_at), report, ZIP_DEFLATED)
    return kept.getvalue()


def _read_me(has_report: bool, has_looks: bool) -> str:
    lines = [
        _("This is your symptom diary, as kept by your clinic on the day of this file."),
        "",
        _("my-diary.pdf: the report that your care team sees at a visit.")
        if has_report
        else _("The report could not be made this time; everything is in the tables."),
        _("The files that end in .csv: tables that any spreadsheet opens."),
        _("data-dictionary.csv: what every column of the tables means."),
        _("The folder photos: your photos, as far as you sent any."),
        *([_("who-looked.csv: who looked at your diary, and when.")] if has_looks else []),
        "",
        _(
            "Grades are estimates from your answers, made by a computer. They are no diagnosis;"
            " ask your care team what they mean for you."
        ),
        _("Whoever can read these files can read your diary: keep them where only you look."),
    ]
    return "\r\n".join(lines) + "\r\n"
