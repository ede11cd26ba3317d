"""Arrays as the bytes of an ``.npz`` file, and back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import NetArrays


def encode(arrays: NetArrays) -> bytes:
    """The file's bytes: equal for equal arrays, since NumPy writes no date into it."""
    import numpy as np

    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def read(path: Path) -> NetArrays | None:
    """The arrays of a file; None if there is none, or if it is not whole."""
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            return {name: content[name] for name in content.files}
    except Exception:  # zip and npy have a dozen ways to be damaged, and none matters
        return None


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of every file in the folder, by run id."""
    return {path.stem: path.stat().st_size for path in sorted(folder.glob("*.npz"))}
