"""The providers' servers, besides messages: profiles, tokens and their ends, quotas, templates, what was read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk.simulate import samples

Handler = Callable[[Request], Awaitable[Response]]
MONTH, LONG, SHORT = 30 * 86_400, 60 * 86_400, 7200  # seconds that tokens live


@dataclass
class About:
    """What is known at the providers. `ended` are access tokens that are not taken any more."""

    hooks: dict[str, str] = field(default_factory=dict)  # vendor -> the address that is called
    complaint: str = ""
    strangers: set[str] = field(default_factory=set)  # who shows nothing of themselves
    names: dict[str, str] = field(default_factory=dict)
    pictures: str = ""  # where they lie, if elsewhere
    ended: set[str] = field(default_factory=set)
    given: list[str] = field(default_factory=list)  # access tokens, the newest last
    refresh: str = ""  # X's: good once; empty takes the first that comes
    token_ends: int = 0  # Meta's, in seconds of the epoch; 0 never
    templates: list[dict[str, Any]] = field(default_factory=lambda: list(samples.TEMPLATES))
    read: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)  # path -> how often
    numbers: Any = field(default_factory=lambda: count(1))

    def routes(self, trouble: Callable[[Request], Awaitable[Response | None]]) -> list[Route]:
        """Before those of messages, which take what is left."""
        gets: dict[str, Handler] = {
            "/v2/bot/channel/webhook/endpoint": self.line_hook,
            "/v2/bot/group/{group}/summary": self.line_group,
            "/v2/bot/profile/{user}": self.line_profile,
            "/2/users/me": self.x_me,
            "/2/users/{user}": self.x_profile,
            "/2010-04-01/Accounts/{sid}.json": self.twilio,
            "/refresh_access_token": self.instagram_token,
            "/{version}/debug_token": self.meta_debug,
            "/{version}/oauth/access_token": self.meta_token,
            "/{version}/{account}/subscribed_apps": self.meta_apps,
            "/{version}/{account}/message_templates": self.meta_templates,
        }
        posts: dict[str, Handler] = {
            "/v2/oauth/accessToken": self.line_token,
            "/oauth2/v2.1/token": self.line_token,
            "/v2/bot/chat/markAsRead": self.line_read,
            "/2/oauth2/token": self.x_token,
        }

        def guarded(handler: Handler) -> Handler:
            async def answer(request: Request) -> Response:
                path = request.url.path
                self.asked[path] = self.asked.get(path, 0) + 1
                return await trouble(request) or await handler(request)

            return answer

        return [
            *(Route(path, guarded(handler), methods=["GET"]) for path, handler in gets.items()),
            *(Route(path, guarded(handler), methods=["POST"]) for path, handler in posts.items()),
        ]

    def refused(self, request: Request) -> Response | None:
        """In the words of who is asked."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.ended:
            return None
        if request.url.path.startswith("/v2/"):
            return JSONResponse(
                {"message": "Authentication failed. Confirm that the access token is valid."}, 401
            )
        if request.url.path.startswith("/2/"):
            return JSONResponse({"title": "Unauthorized", "detail": "Unauthorized", "status": 401}, 401)
        words = "Error validating access token: Session has expired"
        error = {"message": words, "type": "OAuthException", "code": 190, "fbtrace_id": "SIM"}
        return JSONResponse({"error": error}, 401)

    async def line_hook(self, request: Request) -> Response:
        if "line" not in self.hooks:
            return JSONResponse({"message": "Webhook endpoint not found"}, 404)
        return JSONResponse({"endpoint": self.hooks["line"], "active": True})

    async def line_group(self, request: Request) -> Response:
        group = request.path_params["group"]
        return JSONResponse({"groupId": group, "groupName": f"Group {group[-4:]}"})

    async def line_profile(self, request: Request) -> Response:
        user = request.path_params["user"]
        if user in self.strangers:
            return JSONResponse({"message": "Not found"}, 404)
        name = self.names.get(user, f"LINE {user[-4:]}")
        picture = self._picture(request, user)
        return JSONResponse({"userId": user, "displayName": name, "language": "ja", "pictureUrl": picture})

    async def line_token(self, request: Request) -> Response:
        """30 days, for the secret or for a signed word."""
        form = dict(parse_qsl((await request.body()).decode()))
        proved = form.get("client_secret") or form.get("client_assertion", "").count(".") == 2
        if form.get("grant_type") != "client_credentials" or not proved:
            return JSONResponse(
                {"error": "invalid_client", "error_description": "client authentication"}, 400
            )
        return JSONResponse({"access_token": self._token(), "expires_in": MONTH, "token_type": "Bearer"})

    async def line_read(self, request: Request) -> Response:
        body = await request.json()
        if not body.get("markAsReadToken"):
            return JSONResponse({"message": "The property, markAsReadToken, must be specified"}, 400)
        self.read.append(body)
        return JSONResponse({})

    async def x_me(self, request: Request) -> Response:
        return JSONResponse({"data": {"id": "1", "name": "Simulated", "username": "simulated"}})

    async def x_profile(self, request: Request) -> Response:
        user = request.path_params["user"]
        if user in self.strangers:
            return JSONResponse(
                {"errors": [{"title": "Not Found Error", "detail": "Could not find user"}]}, 200
            )
        picture = self._picture(request, user)
        name = self.names.get(user, f"X {user[-4:]}")
        who = {"id": user, "name": name, "username": f"x{user[-4:]}", "profile_image_url": picture}
        return JSONResponse({"data": who})

    async def x_token(self, request: Request) -> Response:
        """Each refresh token is good once."""
        form = dict(parse_qsl((await request.body()).decode()))
        if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != (
            self.refresh or form.get("refresh_token")
        ):
            words = "Value passed for the token was invalid."
            return JSONResponse({"error": "invalid_request", "error_description": words}, 400)
        self.refresh = f"refresh-{next(self.numbers)}"
        return JSONResponse(
            {
                "token_type": "bearer",
                "expires_in": SHORT,
                "access_token": self._token(),
                "refresh_token": self.refresh,
            }
        )

    async def twilio(self, request: Request) -> Response:
        return JSONResponse(
            {"sid": request.path_params["sid"], "friendly_name": "Simulated", "status": "active"}
        )

    async def instagram_token(self, request: Request) -> Response:
        if request.query_params.get("grant_type") != "ig_refresh_token":
            return JSONResponse({"error": {"message": "Unsupported grant", "code": 100}}, 400)
        return JSONResponse({"access_token": self._token(), "expires_in": LONG, "token_type": "bearer"})

    async def meta_debug(self, request: Request) -> Response:
        valid = request.query_params.get("input_token") not in self.ended
        told: dict[str, Any] = {"is_valid": valid, "expires_at": self.token_ends}
        if not valid:
            told["error"] = {"code": 190, "message": "Session has expired"}
        return JSONResponse({"data": told})

    async def meta_token(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("grant_type") != "fb_exchange_token" or not asked.get("client_secret"):
            return JSONResponse({"error": {"message": "Missing client_secret", "code": 101}}, 400)
        self.token_ends = 0
        return JSONResponse({"access_token": self._token(), "expires_in": LONG, "token_type": "bearer"})

    async def meta_apps(self, request: Request) -> Response:
        return JSONResponse({"data": [] if self.hooks.get("meta") == "" else [{"name": "Helpdesk"}]})

    async def meta_templates(self, request: Request) -> Response:
        """Page by page, with a cursor."""
        start, most = (
            int(request.query_params.get(name) or given) for name, given in (("after", 0), ("limit", 25))
        )
        end = start + most
        said: dict[str, Any] = {"data": self.templates[start:end], "paging": {"cursors": {"after": str(end)}}}
        if end < len(self.templates):
            said["paging"]["next"] = str(request.url.include_query_params(after=end))
        return JSONResponse(said)

    def meta_profile(self, request: Request) -> dict[str, Any] | None:
        """None for who shows nothing."""
        who = request.path_params["number"]
        if who in self.strangers:
            return None
        name = self.names.get(who, f"Simulated {who[-4:]}")
        family, _, own = name.rpartition(" ")
        picture = self._picture(request, who)
        return {
            "id": who,
            "name": name,
            "first_name": own,
            "last_name": family,
            "username": f"user{who[-4:]}",
            "profile_pic": picture,
            "verified_name": "Simulated",
            "quality_rating": "GREEN",
        }

    def telegram(self, method: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The result of a method that sends nothing; None for others."""
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Simulated", "username": "simulated_bot"}
        if method == "getWebhookInfo":
            waiting = (
                {"pending_update_count": 3, "last_error_message": self.complaint} if self.complaint else {}
            )
            return {"url": self.hooks.get("telegram", ""), "pending_update_count": 0, **waiting}
        if method == "getChat":
            who = str(body.get("chat_id"))
            return {
                "id": who,
                "first_name": self.names.get(who, f"Telegram {who[-4:]}"),
                "username": f"t{who}",
            }
        return None

    def _picture(self, request: Request, who: str) -> str:
        return f"{self.pictures or request.base_url}files/face-{who}.png"

    def _token(self) -> str:
        self.given.append(f"token-{next(self.numbers)}")
        return self.given[-1]
