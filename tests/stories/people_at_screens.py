"""What people do at their screens, in their own words."""

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import DESKTOP, PHONE, FletPage
from tests.stories.clinic import PASSWORD, RunningClinic

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"


def shot(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(400)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def staff_joins(clinic: RunningClinic, context: BrowserContext, link: str, email: str) -> Page:
    """Open a staff invitation, choose a password, enroll the authenticator."""
    page = context.new_page()
    page.goto(link)
    clinic.secrets[email] = secret_on(page)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.fill("#code", clinic.code(email))
    page.locator("form button").click()
    page.wait_for_url(f"{clinic.origin}/")
    return page


def secret_on(page: Page) -> str:
    """Read the authenticator secret that a page shows in groups of four."""
    found = re.search(r"\b([A-Z2-7]{4}(?: [A-Z2-7]{4}){7})\b", page.inner_text("body"))
    assert found is not None
    return found[1].replace(" ", "")


def staff_signs_in(clinic: RunningClinic, page: Page, email: str) -> None:
    """Sign in with e-mail, password and code on whatever page shows the form."""
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.fill("#code", clinic.code(email))
    page.locator("form button").first.click()


def patient_joins(
    context: BrowserContext, link: str, born: tuple[str, str, str], pin: str | None = None
) -> Page:
    """Open an invitation: who are you, consent, PIN or none."""
    page = context.new_page()
    page.goto(link)
    shot(page, "patient-1-invitation")
    day, month, year = born
    page.fill("[name=day]", day)
    page.select_option("[name=month]", month)
    page.fill("[name=year]", year)
    page.locator("form button").first.click()
    page.wait_for_selector("input[type=checkbox]")
    shot(page, "patient-2-consent")
    page.check("input[type=checkbox]")
    page.locator("form button").first.click()
    page.wait_for_url("**/pin/choose")
    shot(page, "patient-3-pin")
    if pin is None:
        page.get_by_role("button", name="Skip").or_(page.get_by_role("link", name="Skip")).click()
    else:
        page.fill("#pin", pin)
        page.fill("#again", pin)
        page.get_by_role("button", name="Save PIN").click()
    return page


def phone(browser: Browser) -> BrowserContext:
    """A patient's phone."""
    return browser.new_context(**PHONE)


def desk(browser: Browser) -> BrowserContext:
    """A desktop browser at the clinic."""
    return browser.new_context(**DESKTOP)


def app(page: Page) -> FletPage:
    """The Flet app on a page that is loading it."""
    return FletPage(page).ready()
