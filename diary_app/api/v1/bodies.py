"""What comes in: small JSON bodies, refused in one sentence before anything else reads them."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from diary_app.api.problems import ProblemError

LARGEST_BODY = 64 * 1024


class SmallBodies(APIRoute):
    """A route whose body is JSON of at most 64 KB."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that reads the body first, bounded."""
        answer = super().get_route_handler()
        if self.body_field is None:
            return answer

        async def bounded(request: Request) -> Response:
            received = bytearray()
            async for chunk in request.stream():
                received += chunk
                if len(received) > LARGEST_BODY:
                    raise ProblemError(413, "Content Too Large", "The body is over 64 KB.")
            try:
                json.loads(received or b"null")
            except (ValueError, RecursionError):
                raise ProblemError(400, "Bad Request", "The body is not JSON.") from None

            async def again() -> Message:
                return {"type": "http.request", "body": bytes(received), "more_body": False}

            return await answer(Request(request.scope, again))

        return bounded
