"""A small OpenID provider on the loopback address, that says what it is told to say."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug import Request, Response
from werkzeug.serving import make_server

CLIENT_ID = "tjs-moderointi"


@dataclass
class Provider:
    """`claims` take the place of what an honest provider would say; `issuer_told` that of its own name."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    signs_with: RSAKey | None = None
    algorithm: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)
    issuer_told: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def authorise(self, address: str, **changed: str) -> str:
        """What the browser brings back, once the person has signed in at `address`: the path of the console."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        told = {"code": "a code", "state": self.asked["state"]} | changed
        return f"{urlsplit(self.asked['redirect_uri']).path}?{urlencode(told)}"

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        answer = {
            "/.well-known/openid-configuration": self._about,
            "/keys": lambda _: {"keys": [self.key.as_dict(private=False)]},
            "/token": self._token,
        }[request.path](request)
        return Response(json.dumps(answer), mimetype="application/json")(environ, start_response)

    def _about(self, _: Request) -> dict[str, Any]:
        return {
            "issuer": self.issuer_told or self.url,
            "authorization_endpoint": f"{self.url}/authorise",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _token(self, request: Request) -> dict[str, Any]:
        digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.asked.get("code_challenge"):
            self.faults.append("the verifier does not fit the challenge")
            return {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": "person-1",
            "email": "tiina@esimerkki.fi",
            "email_verified": True,
            "nonce": self.asked["nonce"],
            "iat": now,
            "exp": now + 300,
        } | self.claims
        return {"access_token": "opens nothing", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "none":
            parts = (base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (header, claims))
            return (b".".join(parts) + b".").decode()
        return jwt.encode(header, claims, self.signs_with or self.key)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider that answers until the context is left."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.url = f"http://127.0.0.1:{server.port}"
    serving = Thread(target=server.serve_forever)
    serving.start()
    try:
        yield provider
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
