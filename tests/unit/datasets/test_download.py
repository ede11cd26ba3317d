"""A download tries mirror after mirror, and only the published bytes ever arrive."""

from __future__ import annotations

import errno
import hashlib
import http.server
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from dropsweep.datasets.download import SpeedFloor, fetch
from dropsweep.datasets.official import Archive
from dropsweep.errors import DataError, Exit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = bytes(range(256)) * 400
FLOOR = SpeedFloor(bytes_per_second=50_000, seconds=0.4)
PATIENT = SpeedFloor()
"""For what must arrive: a loaded machine may be slower than `FLOOR`."""


class _Mirror(http.server.BaseHTTPRequestHandler):
    """Misbehaves as its path says."""

    def do_GET(self) -> None:
        with suppress(ConnectionError):  # the client leaves when it has seen enough
            getattr(self, self.path.strip("/").split("?")[0])()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def good(self) -> None:
        self._send(CONTENT)

    def down(self) -> None:
        self.send_error(500)

    def cut(self) -> None:
        self._send(CONTENT[:-1], declared=len(CONTENT))

    def cut_undeclared(self) -> None:
        self._send(CONTENT[:-1], declared=None)

    def small(self) -> None:
        self._send(b"<html>please log in</html>")

    def endless(self) -> None:
        self._send(CONTENT + b"x", declared=None)

    def wrong(self) -> None:
        self._send(CONTENT[::-1])

    def crawl(self) -> None:
        self._send(b"", declared=len(CONTENT))
        for start in range(0, len(CONTENT), 500):
            self.wfile.write(CONTENT[start : start + 500])
            time.sleep(0.05)

    def silent(self) -> None:
        time.sleep(3 * FLOOR.seconds)

    def dripping_headers(self) -> None:
        for _ in range(60):
            self.wfile.write(b"H" if _ else b"HTTP/1.1 200 OK\r\nX: ")
            time.sleep(FLOOR.seconds / 10)

    def redirect(self) -> None:
        """To the good file; with a body that never ends."""
        self.send_response(302)
        self.send_header("Location", "/good")
        self.end_headers()
        for _ in range(1000):  # until the reader leaves
            self.wfile.write(b"moved ")
            time.sleep(FLOOR.seconds / 10)

    def redirect_in_circles(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def redirect_nowhere(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://[::bad/x")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def refuse_passwords(self) -> None:
        """To another place, as Zenodo does; with 401 if a password comes along."""
        if "Authorization" in self.headers:
            self.send_error(401)
        else:
            self.redirect()

    def stall(self) -> None:
        self._send(CONTENT[:1000], declared=len(CONTENT))
        time.sleep(3 * FLOOR.seconds)

    def _send(self, content: bytes, declared: int | None = -1) -> None:
        self.send_response(200)
        if declared is not None:
            self.send_header("Content-Length", str(len(content) if declared < 0 else declared))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that misbehaves on demand."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Mirror) as http_server:
        thread = threading.Thread(target=http_server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http_server.server_port}"
        http_server.shutdown()
        thread.join()


def _archive(*urls: str) -> Archive:
    return Archive("a.tar.gz", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), urls)


def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _ignore(_done: int, _total: int) -> None:
    pass


def test_the_first_good_mirror_wins(
    server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Past seven bad mirrors only the file arrives, silently, with progress to its end."""
    bad = ["down", "cut", "cut_undeclared", "small", "endless", "crawl", "wrong"]
    urls = [f"http://127.0.0.1:{_closed_port()}/good", *(f"{server}/{name}" for name in bad)]
    told: list[tuple[int, int]] = []
    path = fetch(
        _archive(*urls, f"{server}/good?download=1", f"{server}/never"),
        tmp_path / "new",
        speed_floor=FLOOR,
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert path == tmp_path / "new" / "a.tar.gz"
    assert path.read_bytes() == CONTENT
    assert list((tmp_path / "new").iterdir()) == [path]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("down", "500"),
        ("cut", "cut short|IncompleteRead"),
        ("cut_undeclared", "cut short"),
        ("small", "declares 26 bytes"),
        ("endless", "more than"),
        ("crawl", "slow"),
        ("stall", "slow: 2 kB/s"),
        ("silent", "timed out"),
        ("dripping_headers", "timed out"),
        ("redirect_in_circles", "more than 10 redirects"),
        ("redirect_nowhere", "cannot be read .*IPv6"),
        ("wrong", "SHA-256"),
    ],
)
def test_every_mirror_s_reason_is_told(server: str, tmp_path: Path, name: str, reason: str) -> None:
    """If none delivers, the error lists each with its reason and says what else to do."""
    urls = (f"http://127.0.0.1:{_closed_port()}/x", f"{server}/{name}")
    with pytest.raises(DataError, match=f"(?s){urls[0]}.*{urls[1]}: .*({reason})") as caught:
        fetch(_archive(*urls), tmp_path, speed_floor=FLOOR, on_progress=_ignore)
    assert caught.value.exit_code is Exit.DATA
    assert str(tmp_path) in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_is_followed_without_its_body(server: str, tmp_path: Path) -> None:
    """A redirect whose own body never ends leads to the file all the same."""
    path = fetch(_archive(f"{server}/redirect"), tmp_path, speed_floor=PATIENT, on_progress=_ignore)
    assert path.read_bytes() == CONTENT


def test_no_password_of_netrc_is_sent(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the first address nor the one behind a redirect gets what ``.netrc`` has for it."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    url = f"{server}/refuse_passwords"
    path = fetch(_archive(url), tmp_path / "d", speed_floor=PATIENT, on_progress=_ignore)
    assert path.read_bytes() == CONTENT


def _refusal(tmp_path: Path, *urls: str) -> str:
    """The error of a download that no mirror can deliver."""
    with pytest.raises(DataError) as caught:
        fetch(_archive(*urls), tmp_path / "d", speed_floor=FLOOR, on_progress=_ignore)
    assert "could not be downloaded" in caught.value.what
    assert list((tmp_path / "d").iterdir()) == []
    return caught.value.what


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_missing_certificates_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A stale variable is no trouble of the disk: every mirror is tried, and the file is named."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "gone.pem"))
    urls = [f"https://127.0.0.1:{_closed_port()}/{name}" for name in "ab"]
    told = _refusal(tmp_path, *urls).splitlines()[1:]
    assert [line.split(": ")[0].strip() for line in told] == urls
    assert all(f"with {variable}={tmp_path / 'gone.pem'}" in line for line in told)


@pytest.mark.parametrize("password", ["secret", "sec[ret", "sec@ret"])
def test_a_dead_proxy_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """The address of a proxy that is down or malformed stands in each mirror's reason."""
    proxy = f"127.0.0.1:{_closed_port()}"
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("http_proxy", f"http://me:{password}@{proxy}")
    told = _refusal(tmp_path, "http://example.invalid/x", "http://example.invalid/y")
    assert told.count(f"through the proxy http://{proxy}") == 2
    assert "delivers other bytes" not in told
    assert password not in told
    assert "ret" not in told.replace("retr", "")


def test_a_silent_mirror_keeps_no_program_alive(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A download that failed leaves no thread that a program would wait for at its end."""
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noted)
    _refusal(tmp_path, f"{server}/silent")
    ours = [each for each in started if each.name == "dropsweep-download"]
    assert [each.daemon for each in ours] == [True]


def test_two_downloads_at_once(server: str, tmp_path: Path) -> None:
    """Both end well, with the one file and nothing else."""
    archive = _archive(f"{server}/good")
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(fetch, archive, tmp_path, speed_floor=PATIENT, on_progress=_ignore)
            for _ in range(2)
        ]
        assert {job.result() for job in jobs} == {tmp_path / "a.tar.gz"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar.gz"]


def test_a_trickle_is_noticed_before_it_ends(server: str, tmp_path: Path) -> None:
    """A slow mirror is left while it still sends, long before it would be done."""
    told: list[int] = []
    with pytest.raises(DataError, match="slow"):
        fetch(
            _archive(f"{server}/crawl"),
            tmp_path,
            speed_floor=FLOOR,
            on_progress=lambda done, _total: told.append(done),
        )
    assert 0 < told[-1] < len(CONTENT) / 2


def test_a_full_disk_is_not_the_mirror_s_fault(server: str, tmp_path: Path) -> None:
    """A failed write ends the download at once, without trying the next mirror."""

    def fill(_done: int, _total: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DataError, match="disk is full"):
        fetch(
            _archive(f"{server}/good", f"{server}/good"),
            tmp_path,
            speed_floor=PATIENT,
            on_progress=fill,
        )
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing(server: str, tmp_path: Path) -> None:
    """An interrupted download leaves no file."""

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(_archive(f"{server}/good"), tmp_path, speed_floor=PATIENT, on_progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_readable_by_others_like_any_new_file(server: str, tmp_path: Path) -> None:
    """A shared data directory gets a file with the usual permissions."""
    path = fetch(_archive(f"{server}/good"), tmp_path, speed_floor=PATIENT, on_progress=_ignore)
    (tmp_path / "usual").write_bytes(b"")
    assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_the_standard_floor() -> None:
    """Without other values, 300 kB/s over 15 s."""
    assert SpeedFloor() == SpeedFloor(bytes_per_second=300_000, seconds=15)
