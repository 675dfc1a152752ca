"""One question to an OpenAI-compatible address: `POST {base}/chat/completions`, and the words of its answer.

The answer comes from outside: its size and time are limited, redirections are not followed (the key would travel with them), and no
word of it goes into a message of ours.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import SplitResult, urlsplit

from sizhang.core.errors import InputError, SizhangError, Words

KEY_VARIABLE: Final = "SIZHANG_SECOND_READER_KEY"
RESPONSE_BYTES_MAX: Final = 4 * 1024 * 1024
TIMEOUT_SECONDS: Final = 120.0
RETRY_PAUSE_SECONDS: Final = 1.0
_PIECE_BYTES: Final = 64 * 1024
_PATH: Final = "/chat/completions"
# A second try gets the same answer: the key, the address or the model is wrong.
_FINAL_CODES: Final = frozenset({301, 302, 303, 307, 308, 401, 403, 404, 405})
_REMEDY: Final = Words("请检查服务器，或去掉 --second-reader 再读。", "Look at the server, or read without --second-reader.")

Answer = TypeVar("Answer")


class SecondReaderError(SizhangError):
    """The second reader gave no usable answer.

    Args:
        again: whether a second try may help.
    """

    def __init__(self, what: Words, *, remedy: Words = _REMEDY, again: bool = True) -> None:
        super().__init__(what, remedy=remedy)
        self.again = again


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, and how long to wait.

    Attributes:
        url: the whole address, `/chat/completions` included.
        model: the model's name at that address.
        key: goes into the `Authorization` header and nowhere else; None for servers that want none.
        timeout: seconds for one answer, above 0.
        pause: seconds between the first try and the second, 0 or more.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout: float = TIMEOUT_SECONDS
    pause: float = RETRY_PAUSE_SECONDS


def make_endpoint(base: str, model: str, environment: Mapping[str, str]) -> Endpoint:
    """Check an address and the key in `environment` before anything is sent.

    Args:
        base: such as `https://example.org/v1`; plain `http` only for this machine (`localhost`, `127.…`, `::1`).

    Raises:
        InputError: the address could show the key or the report to others, or is none; the model has no name; the key is no header's text.
    """
    parts = _split(base)
    if not model.strip():
        raise InputError(
            Words("没有写第二读者的模型名。", "The second reader's model has no name."),
            remedy=Words("请用 --second-model NAME 写明。", "Name it with --second-model NAME."),
        )
    key = environment.get(KEY_VARIABLE, "").strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        # The key itself is not shown: error messages end in logs.
        raise InputError(
            Words(
                f"{KEY_VARIABLE} 里的密钥有空格或 ASCII 以外的字符。",
                f"The key in {KEY_VARIABLE} holds blanks or characters outside ASCII.",
            ),
            remedy=Words("请只写密钥本身。", "Set it to the key alone."),
        )
    path = parts.path.rstrip("/").removesuffix(_PATH)
    return Endpoint(f"{parts.scheme}://{parts.netloc}{path}{_PATH}", model.strip(), key or None)


def _split(base: str) -> SplitResult:
    remedy = Words(
        "地址请写成 https://example.org/v1 或 http://127.0.0.1:8080/v1。",
        "Give an address such as https://example.org/v1 or http://127.0.0.1:8080/v1.",
    )
    try:
        parts = urlsplit(base)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise InputError(Words("第二读者的地址不是网址。", "The second reader's address is no web address."), remedy=remedy) from error
    if parts.scheme not in ("http", "https") or not host or not (base.isascii() and base.isprintable() and " " not in base):
        raise InputError(Words("第二读者的地址不是网址。", "The second reader's address is no web address."), remedy=remedy)
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise InputError(
            Words(
                "第二读者的地址里带有用户名、密码、查询或锚点。",
                "The second reader's address holds a name, a password, a query or a fragment.",
            ),
            remedy=Words(
                f"请只写地址；密钥放在环境变量 {KEY_VARIABLE} 里。",
                f"Give the address alone, and the key in the environment variable {KEY_VARIABLE}.",
            ),
        )
    if parts.scheme == "http" and not _is_loopback(host):
        raise InputError(
            Words(
                "用 http 连到别的机器，密钥和报告会在路上泄露。",
                "Plain http to another machine would show the key and the report on the way.",
            ),
            where=host,
            remedy=Words("请用 https。", "Use https."),
        )
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def ask(endpoint: Endpoint, system: str, user: str, read: Callable[[str], Answer]) -> Answer:
    """Ask once, and once more where that may help.

    Args:
        read: turns the answer's words into what is wanted; raises SecondReaderError where they are not in the form that was asked for.

    Raises:
        SecondReaderError: both tries failed, or the first did for good.
    """
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    body: dict[str, Any] = {"model": endpoint.model, "messages": messages}
    try:
        return read(_post(endpoint, {**body, "temperature": 0, "response_format": {"type": "json_object"}}))
    except SecondReaderError as error:
        if not error.again:
            raise
    time.sleep(endpoint.pause)
    # Some servers and models refuse the two optional fields: the second try does without.
    return read(_post(endpoint, body))


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """urllib would send the key along to wherever the answer points."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


def _post(endpoint: Endpoint, body: dict[str, Any]) -> str:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "sizhang"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    # `make_endpoint` lets only https, and http to this machine, come so far.
    request = urllib.request.Request(endpoint.url, json.dumps(body).encode("ascii"), headers, method="POST")  # noqa: S310
    handlers: list[urllib.request.BaseHandler] = [_NoRedirection()]
    if request.type == "http":
        # What is meant for this machine does not go through a proxy, key and all.
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=endpoint.timeout) as response:
            return _content(_read_limited(response, time.monotonic() + endpoint.timeout))
    except urllib.error.HTTPError as error:
        error.close()
        raise _refusal(error.code) from None
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            raise _too_slow(endpoint.timeout) from None
        raise SecondReaderError(
            Words(f"连不上第二读者（{type(reason).__name__}）。", f"The second reader cannot be reached ({type(reason).__name__}).")
        ) from None


def _read_limited(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read at most RESPONSE_BYTES_MAX bytes, until `deadline`: a server that drips must not hold the reading up either."""
    out = bytearray()
    while piece := response.read1(_PIECE_BYTES):
        out += piece
        if len(out) > RESPONSE_BYTES_MAX:
            raise SecondReaderError(
                Words(
                    f"第二读者的回答超过 {RESPONSE_BYTES_MAX} 字节。",
                    f"The second reader's answer is larger than {RESPONSE_BYTES_MAX} bytes.",
                ),
                again=False,
            )
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(out)


def _content(raw: bytes) -> str:
    """The words of the first choice. RecursionError: brackets nested a hundred thousand deep."""
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise SecondReaderError(Words("第二读者的回答不是对话补全的格式。", "The second reader's answer is no chat completion.")) from None
    if not isinstance(content, str):
        raise SecondReaderError(Words("第二读者的回答里没有文字。", "The second reader's answer holds no text."))
    return content


def _refusal(code: int) -> SecondReaderError:
    remedy = _REMEDY
    if code in (401, 403):
        remedy = Words(f"请把环境变量 {KEY_VARIABLE} 设为有效的密钥。", f"Set the environment variable {KEY_VARIABLE} to a valid key.")
    elif code == 404:
        remedy = Words("请核对地址（通常以 /v1 结尾）和模型名。", "Check the address, which usually ends in /v1, and the model's name.")
    elif code < 400:
        remedy = Words("不跟随跳转，请写最终的地址。", "Redirections are not followed: give the final address.")
    return SecondReaderError(
        Words(f"第二读者返回 HTTP 状态 {code}。", f"The second reader answered with HTTP status {code}."),
        remedy=remedy,
        again=code not in _FINAL_CODES,
    )


def _too_slow(seconds: float) -> SecondReaderError:
    return SecondReaderError(Words(f"第二读者 {seconds:g} 秒内没有回答。", f"The second reader did not answer within {seconds:g} seconds."))
