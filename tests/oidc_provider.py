"""An OpenID provider in a process of its own: oidc-provider-mock with real RS256 tokens, which does what a test tells it to do wrong.

usage: oidc_provider.py PORT CLIENT SECRET

It checks the client's secret and the proof key (RFC 7636), which the mock leaves out. `PUT /fault` names what to do wrong next.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import warnings
from base64 import urlsafe_b64encode

warnings.simplefilter("ignore")
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import flask  # noqa: E402
import oidc_provider_mock  # noqa: E402
from authlib.jose import JsonWebKey, jwt  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

PORT, CLIENT, SECRET = int(sys.argv[1]), sys.argv[2], sys.argv[3]
STRANGER = JsonWebKey.generate_key("RSA", 2048, is_private=True)
told: dict[str, str] = {"fault": ""}
challenges: dict[str, str] = {}
app = oidc_provider_mock.app(require_nonce=True)


@app.put("/fault")
def fault() -> str:
    told["fault"] = flask.request.get_data(as_text=True)
    return ""


def spoiled(claims: dict[str, object], kind: str) -> dict[str, object]:
    """The claims with one fault."""
    now = int(time.time())
    more: dict[str, dict[str, object]] = {
        "nonce": {"nonce": "of-another-sign-in"},
        "audience": {"aud": ["another-site"]},
        "party": {"aud": [CLIENT, "another-site"], "azp": "another-site"},
        "issuer": {"iss": "https://elsewhere.example"},
        "expired": {"iat": now - 7_200, "exp": now - 3_600},
        "future": {"iat": now + 3_600, "exp": now + 7_200, "nbf": now + 3_600},
    }
    made = {**claims, **more.get(kind, {})}
    for name in {"no nonce": ("nonce",), "no expiry": ("exp",), "no subject": ("sub",), "only userinfo": ("preferred_username",)}.get(
        kind, ()
    ):
        made.pop(name, None)
    return made


def encoded(content: bytes) -> str:
    """Base64url without padding, RFC 7515."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def token_of(claims: dict[str, object], kind: str) -> str:
    """The identity token, signed as told."""
    own = flask.g.oidc_provider_mock_storage.jwk
    kid = own.thumbprint()
    plain = encoded(json.dumps(claims).encode())
    if kind == "unsigned":
        return f"{encoded(json.dumps({'alg': 'none', 'kid': kid}).encode())}.{plain}."
    if kind == "shared secret":
        return str(jwt.encode({"alg": "HS256", "kid": kid}, claims, SECRET).decode())
    made = str(jwt.encode({"alg": "RS256", "kid": kid}, claims, STRANGER if kind == "signature" else own).decode())
    if kind == "altered":
        head, _body, signature = made.split(".")
        made = f"{head}.{encoded(json.dumps({**claims, 'preferred_username': 'admin'}).encode())}.{signature}"
    return "no.token" if kind == "no token" else made


@app.before_request
def before() -> flask.Response | None:
    kind, request = told["fault"], flask.request
    if kind == "silent" and request.path != "/fault":
        return flask.Response("down", 503)
    if kind == "no json" and request.path == "/oauth2/token":
        return flask.Response("<html>", 200, content_type="application/json")
    if kind == "odd answer" and request.path == "/oauth2/token":
        return flask.Response('["access_token"]', 200, content_type="application/json")
    if request.path == "/oauth2/token":
        given = request.form
        proof = encoded(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if challenges.pop(given.get("code", ""), None) != proof or given.get("client_secret", SECRET) != SECRET:
            return flask.Response('{"error": "invalid_grant"}', 400, content_type="application/json")
    return None


@app.after_request
def after(response: flask.Response) -> flask.Response:
    kind, request = told["fault"], flask.request
    if request.path == "/oauth2/authorize" and "code=" in response.headers.get("Location", ""):
        code = response.headers["Location"].partition("code=")[2].partition("&")[0]
        challenges[code] = request.args["code_challenge"] if request.args["code_challenge_method"] == "S256" else ""
    if request.path == "/.well-known/openid-configuration" and kind != "silent":
        said = response.get_json()
        said |= {"issuer": "https://elsewhere.example"} if kind == "calls itself otherwise" else {}
        said |= {"token_endpoint": "http://elsewhere.example/token"} if kind == "without TLS" else {}
        response.set_data(json.dumps(said))
    if request.path == "/oauth2/token" and response.status_code == 200 and kind not in ("no json", "odd answer"):
        said = response.get_json()
        own = flask.g.oidc_provider_mock_storage.jwk
        claims = spoiled(dict(jwt.decode(said["id_token"], own)), kind)
        said["id_token"] = token_of(claims, kind)
        response.set_data(json.dumps(said))
    if request.path == "/userinfo" and kind == "userinfo of another":
        response.set_data(json.dumps({"sub": "somebody-else", "preferred_username": "office"}))
    if request.path == "/jwks" and kind != "silent":
        keys = response.get_json()["keys"]
        response.set_data(json.dumps({"keys": [{**key, "kid": flask.g.oidc_provider_mock_storage.jwk.thumbprint()} for key in keys]}))
    return response


if __name__ == "__main__":
    make_server("127.0.0.1", PORT, app, threaded=True).serve_forever()
