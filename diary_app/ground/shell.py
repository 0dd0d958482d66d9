"""What the page says before the app has started: who the clinic is and whom to call."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shell:
    """Words for the first paint and for the page shown without a connection.

    Attributes:
        clinic_name: As patients know it.
        emergency_number: The public emergency number, such as ``"911"``.
        clinic_phone: Whom patients call about their treatment.
        app_name: Title of the browser tab and of the installed app.
        language: Language tag of the page.
        light_page: Where a patient reports without the app; empty for whoever may not.
        time_zone: IANA name of the zone whose clock the person reads; empty: the device's.
    """

    clinic_name: str
    emergency_number: str
    clinic_phone: str
    app_name: str = "Symptom diary"
    language: str = "en"
    light_page: str = "/now"
    time_zone: str = ""
