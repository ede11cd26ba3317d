"""Getting an archive from the first mirror that delivers it as published."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dropsweep import errors
from dropsweep.datasets.mirror import MirrorDownloader, MirrorFault, Progress, SpeedFloor
from dropsweep.datasets.scratch import scratch_folder

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.datasets.official import Archive


def fetch(
    archive: Archive, folder: Path, *, speed_floor: SpeedFloor, on_progress: Progress
) -> Path:
    """Download an archive into ``folder``; nothing but a verified file ever appears there.

    Raises
    ------
    DataError
        If no mirror delivers it, with each one's reason; or, at once, if it cannot be written.
    """
    downloader = MirrorDownloader(archive.bytes, speed_floor, on_progress)
    target = folder / archive.name
    reasons = []
    with scratch_folder(target) as scratch:
        for url in archive.urls:
            try:
                return _retrieve(archive, url, scratch, downloader).replace(target)
            except MirrorFault as fault:
                reasons.append(f"{url}: {fault}")
    raise errors.download_failed(archive.name, folder, reasons)


def _retrieve(archive: Archive, url: str, folder: Path, downloader: MirrorDownloader) -> Path:
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # progress is told by on_progress
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{archive.sha256}",
            fname=archive.name,
            path=folder,
            downloader=downloader,
        )
    except ValueError as cause:  # pooch's word for a hash that does not match
        raise MirrorFault(
            f"delivers other bytes, not those with SHA-256 {archive.sha256}"
        ) from cause
    return folder / archive.name
