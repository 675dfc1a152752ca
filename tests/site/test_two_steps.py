"""Sign-in in two steps: set up, asked for, and closed again; every page in the site's own look, without a forbidden source."""

from __future__ import annotations

import hashlib
import hmac
import struct
import time
from base64 import b32decode

from lxml import html

from sites import PASSWORD, Site


def code_of(secret: str) -> str:
    """RFC 6238 with SHA-1, 30 seconds, six digits."""
    digest = hmac.new(b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_two_steps_are_set_up_and_then_asked_for(site: Site) -> None:
    client = site.client()
    client.post("/account/login/", {"login": "office", "password": PASSWORD})
    assert "没有开启" in client.get("/account/2fa/").content.decode()
    asked = client.get("/account/2fa/totp/activate/")
    assert asked["Location"].startswith("/account/reauthenticate/"), "the password is asked for once more"
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 302
    page = client.get("/account/2fa/totp/activate/")
    tree = html.fromstring(page.content.decode())
    assert tree.xpath("//svg"), "the code to be scanned is drawn in the page"
    assert not tree.xpath("//img[starts-with(@src, 'data:')]"), "the content policy allows no data: picture"
    secret = "".join(tree.xpath("//section//p/span[@class='hash']/text()")).strip()
    assert client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    for path in ("/account/2fa/", "/account/2fa/recovery-codes/", "/account/2fa/recovery-codes/generate/", "/account/2fa/totp/deactivate/"):
        shown = client.get(path)
        assert shown.status_code == 200, path
        assert 'class="mast"' in shown.content.decode(), path
    codes = html.fromstring(client.get("/account/2fa/recovery-codes/").content.decode()).xpath("//ul[contains(@class,'hash')]/li/text()")
    assert len(codes) == 10

    visitor = site.client()
    first = visitor.post("/account/login/", {"login": "office", "password": PASSWORD})
    assert first["Location"].startswith("/account/2fa/authenticate/")
    assert visitor.get("/today/").status_code == 302, "half signed in is not signed in"
    assert 'class="mast"' in visitor.get("/account/2fa/authenticate/").content.decode()
    assert visitor.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert visitor.get("/today/").status_code == 200


def test_the_password_is_changed_in_the_sites_look(site: Site) -> None:
    client = site.client("leader")
    assert 'class="mast"' in client.get("/account/password/").content.decode()
    given = {"oldpassword": PASSWORD, "password1": "Another-2026-word", "password2": "Another-2026-word"}
    assert client.post("/account/password/", given).status_code == 302
    assert site.client().post("/account/login/", {"login": "leader", "password": "Another-2026-word"}).status_code == 302
