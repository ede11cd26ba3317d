"""All checks together."""

from __future__ import annotations

from dataclasses import replace

from dropsweep.verification import verify
from tests.unit.verification.found import BAD, GOOD


def test_this_machine_passes() -> None:
    """Every check holds, of all three sorts."""
    found = verify()
    assert found.failed == []
    assert found.statistics
    assert found.gradients
    assert found.published


def test_failed_checks_are_named() -> None:
    """One bad check of any sort is named, with where it stands."""
    assert GOOD.failed == []
    assert BAD.failed == [
        "vanilla at rate 0.5: test mean",
        "batch norm: test mean",
        "gradient of l1 penalty",
        "published mean of x",
    ]
    for sort in ("statistics", "gradients", "published"):
        assert replace(GOOD, **{sort: getattr(BAD, sort)}).failed
