"""Getting an archive from the first mirror that delivers it as published.

The network is read in a thread of its own, and this one holds the clock: whatever a mirror does
slowly (its name, its handshake, headers, redirects, bytes), it is left in time. So errors of the
network and errors of this disk cannot be taken for each other either.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from dropsweep import errors
from dropsweep.datasets.folders import scratch_folder

if TYPE_CHECKING:
    from requests import Response

    from dropsweep.datasets.official import Archive

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes received so far and the bytes to come in all."""

_CONNECT_SECONDS = 10.0
_BLOCK = 1 << 16
_BLOCKS_AHEAD = 64
_REDIRECTS = 10
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class MirrorFault(Exception):  # noqa: N818 - an event, not an error: the next mirror is tried
    """The reason why a mirror is left."""


@dataclass(frozen=True)
class SpeedFloor:
    """The least speed of a mirror; one that delivers less is left."""

    bytes_per_second: float = 300_000.0
    seconds: float = 15.0
    """Over which the speed is measured, and in which the first byte must come."""


def fetch(
    archive: Archive, folder: Path, *, speed_floor: SpeedFloor, on_progress: Progress
) -> Path:
    """Download an archive into ``folder``; only a verified file ever appears there.

    A `DataError` if no mirror delivers it, with each one's reason; or, at once, if it cannot be
    written, which would be so with any other mirror.
    """
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # on_progress shows the progress
    target = folder / archive.name
    reasons = []

    def receive(url: str, output_file: str, _pooch: object) -> None:
        received = Path(output_file)
        received.unlink()  # pooch's is for this user's eyes only, and data directories are shared
        silence = 2 * speed_floor.seconds  # the clock comes first, and says what was slow
        with received.open("xb") as file, _arriving(url, archive.bytes, silence) as arriving:
            for block in _in_time(arriving, archive.bytes, speed_floor):
                file.write(block)
                on_progress(file.tell(), archive.bytes)

    with scratch_folder(target) as scratch:
        for url in archive.urls:
            try:
                got = pooch.retrieve(
                    url, f"sha256:{archive.sha256}", archive.name, scratch, downloader=receive
                )
                return Path(got).replace(target)
            except MirrorFault as fault:
                reasons.append(f"{url}: {fault}")
            except ValueError:  # pooch's word for a hash that does not match
                other = f"delivers other bytes, not those with SHA-256 {archive.sha256}"
                reasons.append(f"{url}: {other}")
    raise errors.download_failed(archive.name, folder, reasons)


def _in_time(arriving: queue.Queue[Arrival], size: int, floor: SpeedFloor) -> Iterator[bytes]:
    """The bytes as they come, as long as enough of them do."""
    received = in_window = 0
    until = time.monotonic() + floor.seconds
    while (block := _next(arriving, until)) is not None:
        if block and not received:  # the first byte came in time: now the speed counts
            until = time.monotonic() + floor.seconds
        received += len(block)
        in_window += len(block)
        if received > size:
            raise MirrorFault(f"delivers more than {size} bytes")
        if time.monotonic() >= until:
            if not received:
                raise MirrorFault(f"timed out: not one byte of it came in {floor.seconds:g} s")
            if (speed := in_window / floor.seconds) < floor.bytes_per_second:
                raise MirrorFault(
                    f"is slow: {speed / 1000:.0f} kB/s for {floor.seconds:g} s, "
                    f"under {floor.bytes_per_second / 1000:.0f} kB/s"
                )
            in_window, until = 0, time.monotonic() + floor.seconds
        if block:
            yield block
    if received < size:
        raise MirrorFault(f"is cut short after {received} of {size} bytes")


Arrival: TypeAlias = bytes | Exception | None
"""A block, the error that ended the stream, or None for its end."""


def _next(arriving: queue.Queue[Arrival], until: float) -> bytes | None:
    """The next block, empty if none comes until then; None at the end. Errors are raised."""
    try:
        arrival = arriving.get(timeout=max(until - time.monotonic(), 0))
    except queue.Empty:
        return b""
    if isinstance(arrival, Exception):
        raise arrival
    return arrival


@contextmanager
def _arriving(url: str, size: int, silence: float) -> Iterator[queue.Queue[Arrival]]:
    """A queue that a thread fills with the bytes of ``url``, until the block is left.

    The thread is a daemon: one that waits for a silent mirror keeps no program alive.
    """
    arriving: queue.Queue[Arrival] = queue.Queue(_BLOCKS_AHEAD)
    left = threading.Event()

    def read() -> None:
        for arrival in _stream(url, size, silence):
            while not left.is_set():
                with suppress(queue.Full):
                    arriving.put(arrival, timeout=0.1)
                    break
            else:
                return

    threading.Thread(target=read, name="dropsweep-download", daemon=True).start()
    try:
        yield arriving
    finally:
        left.set()


def _stream(url: str, size: int, silence: float) -> Iterator[Arrival]:
    """The bytes of ``url``; every failure of the network is a `MirrorFault`."""
    import requests
    import urllib3

    try:
        with closing(_open(url, silence)) as response:
            _check_promise(response, size)
            # as they come: waiting for full blocks would make a trickle look like silence
            while block := response.raw.read1(_BLOCK, decode_content=False):
                yield block
        yield None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as cause:
        yield MirrorFault(f"cannot be read ({_innermost(cause)})")
    except Exception as error:
        yield error


def _check_promise(response: Response, size: int) -> None:
    if response.status_code != 200:
        raise MirrorFault(f"answers {response.status_code} {response.reason}")
    declared = response.headers.get("Content-Length", str(size))
    if declared != str(size):
        raise MirrorFault(f"declares {declared} bytes, not {size}")


def _open(url: str, silence: float) -> Response:
    """The answer behind all redirects.

    An adapter rather than a session of `requests`: that would read the bodies of redirects, which
    may never end, and send the passwords of ``.netrc``.
    """
    import requests
    from requests.utils import get_environ_proxies, select_proxy

    headers = {**requests.utils.default_headers(), "Accept-Encoding": "identity"}
    for _ in range(_REDIRECTS):
        variable = next((name for name in _CERTIFICATES if os.environ.get(name)), None)
        proxy = None
        try:
            proxies = get_environ_proxies(url)
            proxy = select_proxy(url, proxies)
            response = requests.adapters.HTTPAdapter().send(
                requests.Request("GET", url, headers).prepare(),
                stream=True,
                timeout=(_CONNECT_SECONDS, silence),
                verify=os.environ[variable] if variable else True,
                proxies=proxies,
            )
            if not response.is_redirect:
                return response
            response.close()
            url = requests.compat.urljoin(url, response.headers["location"])
            if not url.startswith(("http:", "https:")):
                raise MirrorFault(f"cannot be read (it leads to {url})")
        except (OSError, ValueError) as cause:  # requests' own errors are OSErrors
            reason = _innermost(cause)
            if proxy:
                reason = f"{_without(reason, proxy)}, through the proxy {_public(proxy)}"
            if variable and "certificate" in reason.lower():
                reason += f", with {variable}={os.environ.get(variable)}"
            raise MirrorFault(f"cannot be read ({reason})") from cause
    raise MirrorFault(f"cannot be read (more than {_REDIRECTS} redirects)")


def _public(proxy: str) -> str:
    """The address without user name and password."""
    scheme, _, rest = proxy.rpartition("://")
    host = rest.rpartition("@")[2]
    return f"{scheme}://{host}" if scheme else host


def _without(reason: str, proxy: str) -> str:
    """An error's words, which may quote the proxy's address, without its password."""
    secret = proxy.rpartition("://")[2].rpartition("@")[0]
    return reason.replace(secret, "...") if secret else reason


def _innermost(error: BaseException) -> str:
    """The cause at the bottom: above it, libraries add their names and their retries."""
    while error.__context__ is not None:
        error = error.__context__
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
