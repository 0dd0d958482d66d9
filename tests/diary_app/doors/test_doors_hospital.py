"""Staff sign in with their account of the hospital: a real provider, and forged answers."""

import base64
import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from sqlmodel import col

from db.models import HospitalIdentity, SignIn, User
from diary_app.services.openid import Hospital, OpenId, OpenIdError, check, is_safe
from diary_app.settings import Settings
from tests.diary_app.doors.house import HOST, build_doors
from tests.provider import provider

# The provider runs in a thread of this process and announces changes of its own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

RETURN = "/sign-in/hospital/return"
OURS = "diary-1"


@pytest.fixture(scope="module")
def hospital():
    with provider() as issuer:
        yield issuer


@pytest.fixture
def doors(house, tmp_path, hospital):
    built = build_doors(
        house, tmp_path, hospital=Hospital(hospital, OURS, "secret", "Hospital account")
    )
    built.clock.now = datetime.now(UTC)  # the provider's tokens carry the real time
    yield built
    built.close()


def sent_to(browser, path="/sign-in/hospital"):
    """Where the diary sends the browser."""
    answer = browser.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def signed_in_there(address, subject):
    """What the provider sends back after this person signed in there: our path and query."""
    answer = httpx.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == RETURN
    return f"{back.path}?{back.query}"


def test_a_nurse_signs_in_with_the_account_of_the_hospital(doors):
    browser = doors.browser()
    offered = browser.get("/sign-in?next=/alerts/1").text

    address = sent_to(browser, "/sign-in/hospital?next=/alerts/1")
    back = browser.get(signed_in_there(address, "ben-at-the-hospital"))

    asked = parse_qs(urlsplit(address).query)
    assert "Sign in with: Hospital account" in offered
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32
    assert (back.status_code, back.headers["location"]) == (303, "/alerts/1")
    assert browser.get("/api/v1/me").json()["role"] == "nurse"
    assert doors.audit("sign_in.start")[-1].detail == {"by": "hospital"}
    [linked] = doors.rows(HospitalIdentity)
    assert linked.subject == "ben-at-the-hospital"


def test_nobody_gets_an_account_that_way(doors):
    people = len(doors.rows(User))
    answers = []
    for subject in ("stranger", "unverified", "patient", "nobody"):
        browser = doors.browser()
        answers.append(browser.get(signed_in_there(sent_to(browser), subject)))

    assert [answer.status_code for answer in answers] == [401] * 4
    assert all("There is no account here for this mail address" in a.text for a in answers)
    assert (doors.rows(SignIn), len(doors.rows(User))) == ([], people)


def test_an_account_that_was_closed_stays_closed(doors):
    with doors.kit.database.writing() as session:
        session.get(User, doors.house.ben.actor_id).active = False
    browser = doors.browser()

    answer = browser.get(signed_in_there(sent_to(browser), "ben-at-the-hospital"))

    assert (answer.status_code, doors.rows(SignIn)) == (401, [])


def test_who_is_given_the_same_mail_address_later_does_not_become_that_nurse(doors):
    first, later = doors.browser(), doors.browser()
    first.get(signed_in_there(sent_to(first), "ben-at-the-hospital"))

    answer = later.get(signed_in_there(sent_to(later), "new-ben"))

    assert answer.status_code == 401
    assert "belonged to another account of the hospital before" in answer.text


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(doors):
    browser, other = doors.browser(), doors.browser()
    back = signed_in_there(sent_to(browser), "ben-at-the-hospital")
    sent_to(other)
    kept = browser.cookies.get("hospital", path="/sign-in/hospital")

    elsewhere = other.get(back)
    first = browser.get(back)
    browser.cookies.set("hospital", kept, domain=HOST, path="/sign-in/hospital")
    again = browser.get(back)

    assert (elsewhere.status_code, first.status_code, again.status_code) == (401, 303, 401)
    assert "began in another browser" in elsewhere.text
    assert "was used already" in again.text


def test_an_answer_that_took_too_long_or_was_refused_there_says_so(doors):
    slow, refused = doors.browser(), doors.browser()
    back = signed_in_there(sent_to(slow), "ben-at-the-hospital")
    state = parse_qs(urlsplit(sent_to(refused)).query)["state"][0]
    denied = refused.get(f"{RETURN}?error=access_denied&state={state}")
    doors.clock.pass_(minutes=11)
    late = slow.get(back)

    assert (denied.status_code, late.status_code) == (401, 401)
    assert "was not finished" in denied.text
    assert "took too long" in late.text


def test_whoever_was_asked_again_there_may_export(doors, tmp_path):
    """The provider is a small one that says when the person signed in."""
    with forging_provider() as forged:
        openid = Hospital(forged.issuer, OURS, "secret", "Hospital account")
        other = build_doors(doors.house, tmp_path, hospital=openid)
        other.clock.now = doors.clock.now
        browser = other.signed_in(doors.house.ben)
        with other.kit.database.writing() as session:
            session.add(
                HospitalIdentity(
                    clinic_id=doors.house.clinic_id,
                    user_id=doors.house.ben.actor_id,
                    issuer=forged.issuer,
                    subject="ben-1",
                    linked_at=other.clock(),
                )
            )
        other.clock.pass_(minutes=6)
        answers = []
        for ago in (7, 0):
            address = sent_to(browser, "/sign-in/hospital?again=yes&next=/verify/done")
            forged.tell(address, auth_time=other.clock() - timedelta(minutes=ago))
            state = parse_qs(urlsplit(address).query)["state"][0]
            answers.append(browser.get(f"{RETURN}?code=c&state={state}"))
        other.close()

    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    assert [answer.status_code for answer in answers] == [401, 303]
    assert "did not ask you again" in answers[0].text
    assert len(other.audit("sign_in.verify")) == 1


NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
RIGHT = {
    "iss": "https://sso.example",
    "aud": OURS,
    "sub": "ben-1",
    "nonce": "n",
    "iat": NOW.timestamp(),
    "exp": (NOW + timedelta(minutes=5)).timestamp(),
}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"aud": [OURS, "other"], "azp": OURS}, None),
        ({"iss": "https://sso.example/"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "other"}, "another program"),
        ({"aud": None}, "another program"),
        ({"aud": [OURS, "other"]}, "another program"),
        ({"azp": "other"}, "another program"),
        ({"nonce": "m"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
        ({"exp": (NOW - timedelta(minutes=2)).timestamp()}, "ran out"),
        ({"exp": None}, "ran out"),
        ({"exp": "soon"}, "ran out"),
        ({"iat": (NOW + timedelta(minutes=2)).timestamp()}, "from the future"),
        ({"iat": None}, "from the future"),
        ({"sub": ""}, "names nobody"),
        ({"sub": 7}, "names nobody"),
    ],
)
def test_a_token_is_believed_only_when_every_claim_is_right(changed, why):
    hospital = Hospital("https://sso.example", OURS, "secret", "")
    claims = {name: value for name, value in (RIGHT | changed).items() if value is not None}

    if why is None:
        check(claims, hospital, "n", NOW)
    else:
        with pytest.raises(OpenIdError, match=why):
            check(claims, hospital, "n", NOW)


def b64url(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Forged:
    """A provider of ours that signs whatever it is told to, with whatever key."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "k1"})
        self.issuer, self.token, self.form = "", "", {}

    def answer(self, path):
        if path.endswith("openid-configuration"):
            names = ("authorization", "token", "userinfo")
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"} | {
                f"{name}_endpoint": f"{self.issuer}/{name}" for name in names
            }
        if path == "/keys":
            return KeySet([self.key]).as_dict(private=False)
        return {"id_token": self.token, "access_token": "a"}

    def tell(self, address, *, key=None, header=None, auth_time=None):
        """Hand out a token that answers this request."""
        asked = parse_qs(urlsplit(address).query)
        now = datetime.now(UTC).timestamp()
        claims = {
            "iss": self.issuer,
            "aud": OURS,
            "sub": "ben-1",
            "email": "ben@north.example",
            "email_verified": True,
            "nonce": asked["nonce"][0],
            "iat": now,
            "exp": now + 900,
        }
        if auth_time is not None:
            claims["auth_time"] = auth_time.timestamp()
        header = header or {"alg": "RS256", "kid": "k1"}
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            self.token = ".".join(map(b64url, parts)) + "."
            return
        self.token = jwt.encode(header, claims, key or self.key, algorithms=[header["alg"]])


@contextmanager
def forging_provider():
    forged = Forged()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            content = json.dumps(forged.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self):
            forged.form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.do_GET()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    forged.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield forged
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def forged():
    with forging_provider() as made:
        yield made


def redeem(forged, **told):
    openid = OpenId(Hospital(forged.issuer, OURS, "secret", ""), "https://diary.example")
    address = openid.address(state="s", nonce="n", verifier="v" * 43, again=False)
    forged.tell(address, **told)
    return openid.person("code", "v" * 43, "n", datetime.now(UTC))


def test_the_verifier_of_the_challenge_goes_with_the_code(forged):
    person = redeem(forged)

    assert person.email == "ben@north.example"
    assert forged.form["code_verifier"] == ["v" * 43]
    assert forged.form["redirect_uri"] == [f"https://diary.example{RETURN}"]


def test_the_challenge_is_the_published_one_of_its_verifier(forged):
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    openid = OpenId(Hospital(forged.issuer, OURS, "secret", ""), "https://diary.example")
    asked = parse_qs(
        urlsplit(openid.address(state="s", nonce="n", verifier=verifier, again=False)).query
    )

    assert asked["code_challenge"] == ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"]
    assert asked["code_challenge_method"] == ["S256"]


def test_a_token_signed_by_anybody_else_is_refused(forged):
    stranger = RSAKey.generate_key(2048, {"kid": "k1"})
    shared = OctKey.import_key("the secret that we share with it")

    with pytest.raises(OpenIdError, match="signature"):
        redeem(forged, key=stranger)
    with pytest.raises(OpenIdError, match="signature"):
        redeem(forged, key=shared, header={"alg": "HS256"})
    with pytest.raises(OpenIdError, match="signature"):
        redeem(forged, header={"alg": "none"})


def test_new_keys_of_the_provider_are_fetched_when_they_are_needed(forged):
    openid = OpenId(Hospital(forged.issuer, OURS, "secret", ""), "https://diary.example")
    address = openid.address(state="s", nonce="n", verifier="v", again=False)
    forged.tell(address)
    openid.person("code", "v", "n", datetime.now(UTC))
    forged.key = RSAKey.generate_key(2048, {"kid": "k1"})
    forged.tell(address)

    assert openid.person("code", "v", "n", datetime.now(UTC)).subject == "ben-1"


def test_a_provider_that_is_away_or_another_one_is_said_in_one_sentence(house, tmp_path, forged):
    for issuer in ("http://127.0.0.1:9", f"{forged.issuer}/other"):
        doors = build_doors(house, tmp_path, hospital=Hospital(issuer, OURS, "s", "Hospital"))
        answer = doors.browser().get("/sign-in/hospital")
        doors.close()

        assert answer.status_code == 401
        assert "cannot be reached just now. Use your password and a code." in answer.text


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://sso.example/x", True),
        ("http://127.0.0.1:9/x", True),
        ("http://sso.example/x", False),
        ("ftp://sso.example", False),
        ("http://[", False),
    ],
)
def test_secrets_travel_encrypted_or_not_at_all(address, safe):
    assert is_safe(address) is safe


def test_without_such_a_service_there_is_no_such_page(house, tmp_path):
    doors = build_doors(house, tmp_path)
    answers = [doors.browser().get(path).status_code for path in ("/sign-in/hospital", RETURN)]
    doors.close()

    assert answers == [404, 404]
    assert doors.rows(SignIn, col(SignIn.ended_at).is_(None)) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"oidc_issuer": "http://sso.example"}, "must begin with https"),
        ({"oidc_client_id": ""}, "Give DIARY_OIDC_CLIENT_ID"),
        ({"oidc_client_secret": ""}, "Give DIARY_OIDC_CLIENT_SECRET or"),
        ({"oidc_client_secret_file": "secret"}, "Give DIARY_OIDC_CLIENT_SECRET or"),
    ],
)
def test_half_a_setting_stops_the_start_with_a_sentence(changed, sentence):
    right = {
        "oidc_issuer": "https://sso.example",
        "oidc_client_id": OURS,
        "oidc_client_secret": "secret",
    }
    Settings(_env_file=None, **right)

    with pytest.raises(ValueError, match=sentence):
        Settings(_env_file=None, **(right | changed))
