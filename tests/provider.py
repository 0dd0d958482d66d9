"""A real OpenID provider for the tests, on loopback, with the staff of a hospital."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

STAFF = {
    "ben-at-the-hospital": {"email": "Ben@north.example", "email_verified": True},
    "new-ben": {"email": "ben@north.example", "email_verified": True},
    "stranger": {"email": "stranger@north.example", "email_verified": True},
    "unverified": {"email": "dora@north.example", "email_verified": False},
    "patient": {"email": "ana@home.example", "email_verified": True},
    "nobody": {},
}


@contextmanager
def provider() -> Iterator[str]:
    """Start it; gives its issuer."""
    with warnings.catch_warnings():
        import authlib.deprecate  # noqa: F401  (it asks for its warnings to be shown)

        warnings.simplefilter("ignore")
        from oidc_provider_mock import User, run_server_in_thread

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        people = [User(sub=sub, claims=claims) for sub, claims in STAFF.items()]
        with run_server_in_thread(user_claims=people, require_nonce=True) as server:
            yield f"http://localhost:{server.server_port}"
