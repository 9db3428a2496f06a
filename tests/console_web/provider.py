"""A small real OpenID Connect provider on loopback: discovery, authorization code with PKCE, token, keys."""

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "preaudit", "the client's secret"


@dataclass
class Provider:
    """What the provider says of whoever comes: tests change it between two log-ins."""

    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1", "preferred_username": "Olga", "roles": ["operations"]})
    now: float = 0.0
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    signs_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.get("/.well-known/openid-configuration")
        def discovery() -> dict[str, Any]:
            paths = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **paths}

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorization")
        def authorization(request: Request) -> RedirectResponse:
            asked = dict(request.query_params)
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked
            return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}", status_code=302)

        @app.post("/token")
        def token(
            request: Request, code: str = Form(), code_verifier: str = Form(), redirect_uri: str = Form()
        ) -> dict[str, str]:
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            asked = self.codes.pop(code, None)
            challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
            if (
                request.headers.get("authorization") != f"Basic {basic}"
                or asked is None
                or asked["code_challenge"] != challenge
                or asked["redirect_uri"] != redirect_uri
            ):
                raise HTTPException(400)
            said = {"iss": self.issuer, "aud": CLIENT, "exp": int(self.now) + 300, "nonce": asked["nonce"], **self.claims}
            return {"id_token": jwt.encode({"alg": "RS256", "kid": "k1"}, said, self.signs_with or self.key)}

        return app


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    thread.join()
