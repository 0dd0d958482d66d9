"""Every route of the web server beside the Flet app, and who is let in.

Columns: nobody signed in; ana and another patient of her clinic (bea); her nurse, clinician and
administrator; and of the other clinic a patient, nurse, clinician and administrator.
``x`` served, ``-`` turned away (401, 403, 404, or led to a door), ``=`` open to everybody and the
same for all. Whatever is served to a stranger of ana's holds no word of hers.
"""

from dataclasses import dataclass

VISITORS = ("nobody", "ana", "bea", "ben", "dora", "admin", "otto", "cleo", "carl", "abe")
WORDS = {
    "nobody": "not signed in",
    "ana": "the patient",
    "bea": "another patient of the clinic",
    "ben": "her nurse",
    "dora": "her clinician",
    "admin": "her administrator",
    "otto": "patient, other clinic",
    "cleo": "nurse, other clinic",
    "carl": "clinician, other clinic",
    "abe": "administrator, other clinic",
}
TABLE = """
    GET  /healthz                           = = = = = = = = = =
    GET  /metrics                           = = = = = = = = = =
    GET  /static/pages.css                  = = = = = = = = = =
    GET  /static/korean.css                 = = = = = = = = = =
    GET  /static/letters/0.woff2            = = = = = = = = = =
    GET  /static/photo-camera.js            = = = = = = = = = =
    GET  /welcome                           = = = = = = = = = =
    GET  /sign-in                           = = = = = = = = = =
    POST /sign-in                           - - - - - - - - - -
    POST /language                          = = = = = = = = = =
    GET  /api/v1/openapi.json               = = = = = = = = = =
    GET  /api/v1/docs                       = = = = = = = = = =
    GET  /api/v1/nothing                    - - - - - - - - - -
    GET  /a/LINK                            = = = = = = = = = =
    GET  /join/JOIN                         = = = = = = = = = =
    POST /join/JOIN                         = = = = = = = = = =
    POST /join/JOIN/agree                   - - - - - - - - - -
    GET  /staff/join/STAFF                  = = = = = = = = = =
    POST /staff/join/STAFF                  = = = = = = = = = =
    GET  /calendar/CALENDAR.ics             = = = = = = = = = =
    GET  /sign-out                          = x x x x x x x x x
    GET  /devices                           - x x x x x x x x x
    POST /devices/DEVICE/end                - x - - - - - - - -
    GET  /pin                               - x x x x x x x x x
    POST /pin                               - x x x x x x x x x
    GET  /pin/change                        - x x - - - x - - -
    GET  /pin/choose                        - x x - - - x - - -
    POST /pin/change                        - x x - - - x - - -
    POST /pin/choose                        - x x - - - x - - -
    GET  /now                               = x x - - - x - - -
    POST /now                               - x x - - - x - - -
    GET  /now/sent/REPORT                   = x - - - - - - - -
    GET  /my-diary                          - x x - - - x - - -
    GET  /my-diary/calendar                 - x x - - - x - - -
    POST /my-diary/report                   - x x - - - x - - -
    POST /my-diary/archive                  - x x - - - x - - -
    GET  /my-diary/who-looked               - x x - - - x - - -
    GET  /my-diary/who-looked.csv           - x x - - - x - - -
    GET  /consent                           - x x - - - x - - -
    POST /consent                           - x x - - - x - - -
    GET  /consents                          - - - x x x - x x x
    GET  /consent-texts                     - - - x x x - x x x
    POST /consent-texts                     - - - - - x - - - x
    GET  /retention                         - - - - x x - - x x
    POST /retention                         - - - - - x - - - x
    GET  /photos/show                       - x x - - - x - - -
    POST /photos/show                       - x x - - - x - - -
    GET  /photos/add                        - x x - - - x - - -
    POST /photos/add                        - x x - - - x - - -
    POST /photos/DRAFTPHOTO/keep            - x - - - - - - - -
    POST /photos/DRAFTPHOTO/remove          - x - - - - - - - -
    POST /photos/hide                       - x x - - - x - - -
    PUT  /api/photos/TICKET                 - x - - - - - - - -
    GET  /photos/PHOTO                      - - - x x - - - - -
    GET  /photos/PHOTO/thumb                - - - x x - - - - -
    GET  /exports/ANA/report?PERIOD         - - - x x - - - - -
    GET  /exports/ANA/archive?PERIOD        - - - x x - - - - -
    GET  /exports/ANA/workbook?PERIOD       - - - x x - - - - -
    GET  /exports/ANA/fhir?PERIOD           - - - x x - - - - -
    GET  /exports/ANA/calendar              - - - x x - - - - -
    GET  /exports/ANA/everything            - - - - x - - - - -
    GET  /clinic-week.csv                   - - - x x x - x x x
    GET  /summary-print                     - - - x x - - x x -
    GET  /invitation-sheets/SHEETS          - - - x - - - - - -
    GET  /api/v1/me                         - x x x x x x x x x
    GET  /api/v1/entries?patient_id=ANA     - x - x x - - - - -
    GET  /api/v1/entries/ENTRY              - x - x x - - - - -
    GET  /api/v1/patients                   - - - x x x - x x x
    GET  /api/v1/patients/ANA               - x - x x x - - - -
    GET  /api/v1/plans?patient_id=ANA       - x - x x - - - - -
    GET  /api/v1/alerts                     - - - x x - - x x -
    GET  /api/v1/alerts/ALERT               - - - x x - - - - -
    GET  /api/v1/exports/ANA                - - - x x - - - - -
    POST /api/v1/entries                    - - - - - - - - - -
    GET  /metrics                           = = = = = = = = = =
    GET  /static/passkeys.js                = = = = = = = = = =
    POST /sign-in/passkey                   - - - - - - - - - -
    POST /devices/end-all                   = = = = = = = = = =
    POST /passkeys                          - - - x x x - x x x
    POST /passkeys/NOBODYS/remove           - - - - - - - - - -
    POST /recovery-codes                    - - - x x x - x x x
    GET  /authenticator                     - - - x x x - x x x
    POST /authenticator                     - - - x x x - x x x
    GET  /verify                            - - - x x x - x x x
    POST /verify                            - - - x x x - x x x
    POST /verify/passkey                    - - - x x x - x x x
    GET  /verify/done                       - - - x x x - x x x
    GET  /my-diary/who-looked               - x x - - - x - - -
    GET  /my-diary/who-looked.csv           - x x - - - x - - -
    GET  /consent                           - x x - - - x - - -
    POST /consent                           - x x - - - x - - -
    GET  /consents                          - - - x x x - x x x
    GET  /consent-texts                     - - - x x x - x x x
    POST /consent-texts                     - - - - - x - - - x
    POST /sign-out                          = = = = = = = = = =
    POST /a/LINK                            = = = = = = = = = =
"""


@dataclass(frozen=True)
class Door:
    """One row of the table; ``marks`` by visitor."""

    method: str
    path: str
    marks: dict[str, str]

    @property
    def visitors(self) -> tuple[str, ...]:
        """Who tries it; a door that is the same for all is tried by three."""
        same = set(self.marks.values()) == {"="}
        return ("nobody", "cleo", "ana") if same else VISITORS


DOORS = [
    Door(method, path, dict(zip(VISITORS, marks, strict=True)))
    for method, path, *marks in (line.split() for line in TABLE.strip().splitlines())
]
