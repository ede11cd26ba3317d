"""One mirror: its bytes streamed to a file, or the reason why it is left for the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import Response

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes received so far and the bytes to come in all."""

_CONNECT_SECONDS = 10.0
_BLOCK = 1 << 18


class MirrorFault(Exception):  # noqa: N818 - an event, not an error: the next mirror is tried
    """Why a mirror is left."""


@dataclass(frozen=True)
class SpeedFloor:
    """A mirror that delivers less than this is left."""

    bytes_per_second: float = 300_000.0
    seconds: float = 15.0
    """Over which the speed is measured."""


@dataclass(frozen=True)
class MirrorDownloader:
    """A downloader as `pooch.retrieve` takes it."""

    size: int
    """Bytes that the file must have."""
    floor: SpeedFloor
    on_progress: Progress

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        """Stream ``url`` to ``output_file``, which pooch has made empty.

        Raises
        ------
        MirrorFault
            If the mirror is down, slow, or has a file of another size.
        OSError
            If the file cannot be written, which no other mirror would mend.
        """
        import requests
        import urllib3

        target = Path(output_file)
        target.unlink()  # pooch's is for this user's eyes only, and data directories are shared
        timeout = (_CONNECT_SECONDS, self.floor.seconds)
        plain = {"Accept-Encoding": "identity"}
        try:
            with (
                requests.get(url, stream=True, timeout=timeout, headers=plain) as response,
                target.open("xb") as file,
            ):
                self._check_promise(response)
                for block in self._blocks(response):
                    file.write(block)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as cause:
            raise MirrorFault(f"cannot be read ({_innermost(cause)})") from cause

    def _check_promise(self, response: Response) -> None:
        if response.status_code != 200:
            raise MirrorFault(f"answers {response.status_code} {response.reason}")
        declared = response.headers.get("Content-Length", str(self.size))
        if declared != str(self.size):
            raise MirrorFault(f"declares {declared} bytes, not {self.size}")

    def _blocks(self, response: Response) -> Iterator[bytes]:
        """The bytes as they come: waiting for full blocks would hide a trickle."""
        received = 0
        window_start, window_received = time.monotonic(), 0
        while block := response.raw.read1(_BLOCK, decode_content=False):
            received += len(block)
            if received > self.size:
                raise MirrorFault(f"delivers more than {self.size} bytes")
            elapsed = time.monotonic() - window_start
            if elapsed >= self.floor.seconds:
                self._check_speed((received - window_received) / elapsed)
                window_start, window_received = time.monotonic(), received
            self.on_progress(received, self.size)
            yield block
        if received < self.size:
            raise MirrorFault(f"is cut short after {received} of {self.size} bytes")

    def _check_speed(self, speed: float) -> None:
        if speed < self.floor.bytes_per_second:
            raise MirrorFault(
                f"is slow: {speed / 1000:.0f} kB/s for {self.floor.seconds:g} s, "
                f"under {self.floor.bytes_per_second / 1000:.0f} kB/s"
            )


def _innermost(error: BaseException) -> str:
    """What went wrong at the bottom: above it, libraries add their names and their retries."""
    while error.__context__ is not None:
        error = error.__context__
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
