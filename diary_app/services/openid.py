"""The hospital's own sign-in service, by OpenID Connect: asked, and believed only when it proves.

Source:
    OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3 (code flow, checks of the ID token);
    RFC 7636 (PKCE); RFC 9207 (issuer in the answer); RFC 9700 (best current practice).
"""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# Signatures that only the provider can make; none at all and shared secrets are refused.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
)  # fmt: skip
SKEW = timedelta(seconds=60)
_SECONDS = 10.0
_LARGEST = 256 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class OpenIdError(Exception):
    """The provider cannot be asked, or its answer is not to be believed; the text says why.

    For the log of the installation: never a name, an address or a token.
    """


@dataclass(frozen=True)
class Hospital:
    """How this installation is known to the hospital's sign-in service.

    Attributes:
        issuer: As in the provider's tokens, such as ``https://sso.hospital.example/realms/staff``.
        name: On the button, such as "Hospital account".
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for.

    Attributes:
        subject: Names the person at this provider, for ever.
        email: Lower case; empty when none is verified.
        signed_in_at: When they last proved who they are; None = it does not say.
    """

    subject: str
    email: str
    signed_in_at: datetime | None


class OpenId:
    """A client of one provider; safe to use from several threads."""

    def __init__(self, hospital: Hospital, origin: str) -> None:
        self.hospital = hospital
        self.return_to = f"{origin}/sign-in/hospital/return"
        self._turn = threading.Lock()
        self._metadata: Mapping[str, Any] | None = None
        self._keys: KeySet | None = None

    def address(self, *, state: str, nonce: str, verifier: str, again: bool) -> str:
        """Return where the browser goes to sign in.

        Args:
            state: Comes back with the answer.
            nonce: Comes back inside the token.
            verifier: Kept here; only its hash travels now (PKCE).
            again: Ask the person anew, also when they are signed in there.

        Raises:
            OpenIdError: The provider cannot be reached or is another one.
        """
        challenge = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.hospital.client_id,
            "redirect_uri": self.return_to,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        if again:
            asked |= {"prompt": "login", "max_age": "0"}
        where = self._endpoint("authorization_endpoint")
        return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}"

    def person(self, code: str, verifier: str, nonce: str, now: datetime) -> Person:
        """Return whom the provider vouches for, in exchange for its code.

        Raises:
            OpenIdError: It does not answer, or the answer is not to be believed.
        """
        answer = self._redeem(code, verifier)
        id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise OpenIdError("the answer holds no ID token")
        try:
            claims = self._claims(id_token, self._key_set())
        except OpenIdError:
            claims = self._claims(id_token, self._key_set(anew=True))
        check(claims, self.hospital, nonce, now)
        if "email" not in claims:
            claims = {**claims, **self._more(claims["sub"], answer.get("access_token"))}
        return _person(claims)

    def believes_issuer(self, named: str) -> bool:
        """Return whether an answer that names its issuer (or none) comes from this provider."""
        return not named or named == self.hospital.issuer

    def _redeem(self, code: str, verifier: str) -> Mapping[str, Any]:
        known = self.hospital
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.return_to,
            "code_verifier": verifier,
        }
        ways = self._discovered().get("token_endpoint_auth_methods_supported")
        basic = not ways or "client_secret_basic" in ways
        if not basic:
            form |= {"client_id": known.client_id, "client_secret": known.client_secret}
        return self._json(
            "POST",
            self._endpoint("token_endpoint"),
            data=form,
            auth=httpx.BasicAuth(known.client_id, known.client_secret) if basic else None,
        )

    def _more(self, subject: str, access_token: object) -> Mapping[str, Any]:
        where = self._discovered().get("userinfo_endpoint")
        if not isinstance(where, str) or not isinstance(access_token, str):
            return {}
        told = self._json("GET", where, headers={"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != subject:
            raise OpenIdError("the user information is about somebody else")
        return {name: told[name] for name in ("email", "email_verified") if name in told}

    def _claims(self, id_token: str, keys: KeySet) -> dict[str, Any]:
        try:
            return dict(jwt.decode(id_token, keys, algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError, TypeError) as error:
            raise OpenIdError(f"the signature does not hold ({type(error).__name__})") from None

    def _discovered(self) -> Mapping[str, Any]:
        with self._turn:
            if self._metadata is None:
                issuer = self.hospital.issuer.rstrip("/")
                found = self._json("GET", f"{issuer}/.well-known/openid-configuration")
                if found.get("issuer") != self.hospital.issuer:
                    raise OpenIdError("the provider calls itself by another issuer")
                self._metadata = found
            return self._metadata

    def _endpoint(self, name: str) -> str:
        where = self._discovered().get(name)
        if not isinstance(where, str) or not is_safe(where):
            raise OpenIdError(f"the provider has no usable {name}")
        return where

    def _key_set(self, *, anew: bool = False) -> KeySet:
        where = self._endpoint("jwks_uri")
        with self._turn:
            if self._keys is None or anew:
                told = self._json("GET", where).get("keys")
                listed = told if isinstance(told, list) else []
                usable: Any = {"keys": [key for key in listed if _signs(key)]}
                try:
                    self._keys = KeySet.import_key_set(usable)
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise OpenIdError("the provider's keys cannot be read") from error
            return self._keys

    def _json(self, method: str, where: str, **asked: Any) -> Mapping[str, Any]:
        if not is_safe(where):
            raise OpenIdError("the provider has an address without https")
        try:
            trusted = ssl.create_default_context()  # the system's certificates, a hospital's too
            with httpx.Client(timeout=_SECONDS, follow_redirects=False, verify=trusted) as client:
                answer = client.request(method, where, **asked)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OpenIdError(f"it cannot be reached ({type(error).__name__})") from error
        if answer.status_code != httpx.codes.OK or len(answer.content) > _LARGEST:
            raise OpenIdError(f"it answered with status {answer.status_code}")
        try:
            told = json.loads(answer.content)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise OpenIdError("its answer cannot be read")
        return told


def is_safe(address: str) -> bool:
    """Return whether an address is https, or of this very machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def check(claims: Mapping[str, Any], hospital: Hospital, nonce: str, now: datetime) -> None:
    """Pass when a signed token is this provider's, for us, for this sign-in, and still holds.

    Raises:
        OpenIdError: It is not; the text says which claim.
    """
    meant = claims.get("aud")
    meant_for = meant if isinstance(meant, list) else [meant]
    party = claims.get("azp")
    if claims.get("iss") != hospital.issuer:
        raise OpenIdError("the token is of another issuer")
    if hospital.client_id not in meant_for:
        raise OpenIdError("the token is for another program")
    if (len(meant_for) > 1 or party is not None) and party != hospital.client_id:
        raise OpenIdError("the token was issued to another program")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise OpenIdError("the token belongs to another sign-in")
    expires, made = _instant(claims.get("exp")), _instant(claims.get("iat"))
    if expires is None or expires + SKEW <= now:
        raise OpenIdError("the token ran out")
    if made is None or made - SKEW > now:
        raise OpenIdError("the token is from the future; compare the clocks")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise OpenIdError("the token names nobody")


def _signs(key: object) -> bool:
    return (
        isinstance(key, dict)
        and key.get("kty") in ("RSA", "EC")
        and key.get("use") in (None, "sig")
    )


def _instant(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _person(claims: Mapping[str, Any]) -> Person:
    # Microsoft Entra says `xms_edov` (email domain owner verified) instead.
    proofs = (claims.get("email_verified"), claims.get("xms_edov"))
    verified = any(proof in (True, "true", "1") for proof in proofs)
    email = claims.get("email")
    return Person(
        subject=claims["sub"],
        email=email.strip().lower() if verified and isinstance(email, str) else "",
        signed_in_at=_instant(claims.get("auth_time")),
    )
