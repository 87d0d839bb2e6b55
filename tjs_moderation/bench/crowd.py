"""Who comes to a house under load: Meta with its news, so many a second, and people who work at their own pace."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from itertools import count
from random import Random
from threading import Event, Lock, Thread

import requests

from tjs_moderation.bench.comments import comments
from tjs_moderation.gateways.facebook import SIGNATURE_HEADER, signature_of

PATH = "/hooks/facebook"
SENDERS = 8
"""So many connections Meta has open at once."""

FIRST_POST, POSTS = 7_000, 50

THINKING_SECONDS = (2.0, 6.0)
"""How long somebody looks at a page before they do the next thing."""

PATIENCE_SECONDS = 30.0
QUEUES = ("read", "weigh", "removal", "question")

_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')
_LINK = re.compile(r'class="queue__link"\s+href="([^"]+)"')
_NEWS = re.compile(r'data-after="(\d+)"')


@dataclass(slots=True)
class Seen:
    """What all of them met with, together. Times are milliseconds."""

    events: list[str] = field(default_factory=list)
    """The comments of which the news was answered 200: these may not be lost."""

    times: dict[str, list[float]] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def took(self, what: str, begun: float) -> None:
        """Something has been done that was begun at `begun` (`time.perf_counter`)."""
        with self.lock:
            self.times.setdefault(what, []).append(1_000 * (time.perf_counter() - begun))

    def fell(self, trouble: str) -> None:
        """Something went wrong, or not as wanted."""
        with self.lock:
            self.troubles[trouble] += 1


@contextmanager
def at_work(*works: Callable[[], None]) -> Iterator[None]:
    """Each in a thread of its own, until all are done."""
    threads = [Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


class Meta:
    """Sends signed news of new comments, `rate` a second: each at its moment, late ones as soon as can be."""

    def __init__(self, port: int, page_id: str, secret: str, rate: float, seen: Seen) -> None:
        self._port, self._page_id, self._secret, self._rate, self._seen = port, page_id, secret, rate, seen
        self._numbers, self._texts, self._lock = count(), comments(7), Lock()
        self._begun = time.monotonic()

    def works(self, is_over: Event) -> list[Callable[[], None]]:
        """What the connections do until it is over."""
        self._begun = time.monotonic()
        return [lambda: self._send_on(is_over)] * SENDERS

    def _send_on(self, is_over: Event) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        while not is_over.is_set():
            with self._lock:
                number, text = next(self._numbers), next(self._texts)
            if is_over.wait(self._begun + number / self._rate - time.monotonic()):
                break
            name = f"{FIRST_POST + number % POSTS}_{number}"
            try:
                self._send(connection, name, text)
            except (OSError, HTTPException) as error:
                self._seen.fell(f"webhook: {type(error).__name__}")
                connection.close()
        connection.close()

    def _send(self, connection: HTTPConnection, name: str, text: str) -> None:
        body = news_of(self._page_id, name, text)
        headers = {SIGNATURE_HEADER: signature_of(self._secret, body), "Content-Type": "application/json"}
        begun = time.perf_counter()
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        answer.read()
        self._seen.took("webhook", begun)
        if answer.status == requests.codes.ok:
            self._seen.events.append(name)
        else:
            self._seen.fell(f"webhook: {answer.status}")


def news_of(page_id: str, name: str, text: str) -> bytes:
    """What Meta sends of a new comment. `name`: the post and the comment, with an underscore."""
    post, _, comment = name.partition("_")
    value = {
        "item": "comment",
        "verb": "add",
        "post_id": f"{page_id}_{post}",
        "comment_id": name,
        "from": {"id": f"k{int(comment) % 900}", "name": f"Kävijä {int(comment) % 900}"},
        "message": text,
        "created_time": int(time.time()),
    }
    entry = {"id": page_id, "time": int(time.time()), "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


class Worker:
    """Somebody who signs in, reads a queue, opens an item, decides, and hears meanwhile what colleagues do."""

    def __init__(self, url: str, email: str, password: str, number: int, seen: Seen) -> None:
        self._url, self._email, self._password, self._seen = url, email, password, seen
        self._random = Random(number)  # noqa: S311  # whom they look at first
        self._browser = requests.Session()
        # Each sits at a machine of their own, as the proxy in front would say.
        self._browser.headers["X-Forwarded-For"] = f"10.0.0.{number + 1}"

    def work(self, is_over: Event) -> None:
        """Until it is over, each from a moment of their own on. What goes wrong is counted, and they try again."""
        is_over.wait(self._random.uniform(0.0, THINKING_SECONDS[1]))
        while not is_over.is_set():
            try:
                self._turn(is_over)
            except requests.RequestException as error:
                self._seen.fell(f"person: {type(error).__name__}")

    def sign_in(self) -> None:
        """By the form, with a password."""
        page = self._get("sign_in", "/sign-in")
        form = {"email": self._email, "password": self._password, "csrf_token": _first(_CSRF, page)}
        answer = self._send("POST", "/sign-in", data=form, allow_redirects=False)
        if answer.status_code != requests.codes.found:
            self._seen.fell(f"sign_in: {answer.status_code}")

    def _turn(self, is_over: Event) -> None:
        queue = self._get("queue", f"/queues/{self._random.choice(QUEUES)}")
        self._think(is_over, queue)
        links = _LINK.findall(queue)
        if not links or is_over.is_set():
            return
        address = unescape(self._random.choice(links))
        item = self._get("item", address)
        self._think(is_over, item)
        if not is_over.is_set():
            self._keep(address.partition("?")[0], item)

    def _keep(self, address: str, page: str) -> None:
        form = {"kind": "keep", "version": _first(_VERSION, page), "csrf_token": _first(_CSRF, page)}
        begun = time.perf_counter()
        answer = self._send("POST", f"{address}/decisions", data=form, allow_redirects=False)
        self._seen.took("decision", begun)
        if answer.status_code == requests.codes.conflict:
            self._seen.fell("overtaken")
        elif answer.status_code != requests.codes.found:
            self._seen.fell(f"decision: {answer.status_code}")

    def _think(self, is_over: Event, page: str) -> None:
        """Look at a page, which asks meanwhile for what others have done."""
        is_over.wait(self._random.uniform(*THINKING_SECONDS))
        after = _first(_NEWS, page)
        if after and not is_over.is_set():
            self._get("news", f"/live?after={after}")

    def _get(self, what: str, path: str) -> str:
        begun = time.perf_counter()
        answer = self._send("GET", path)
        self._seen.took(what, begun)
        if not answer.ok:
            self._seen.fell(f"{what}: {answer.status_code}")
        return answer.text

    def _send(self, method: str, path: str, **sent: object) -> requests.Response:
        headers = {"Referer": self._url}
        return self._browser.request(
            method,
            f"{self._url}{path}",
            timeout=PATIENCE_SECONDS,
            headers=headers,
            **sent,  # type: ignore[arg-type]  # requests' own names
        )


def _first(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    return found[1] if found else ""
