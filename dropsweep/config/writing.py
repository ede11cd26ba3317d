"""The resolved config as a file: every key, defaults included, for a reader and for `load`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from dropsweep.config.strict_yaml import plain_scalar

if TYPE_CHECKING:
    from dropsweep.config.models import Config

_HEADER = """\
# The config of the latest `dropsweep run` into this folder, every default written out.
# It can be run again as it is.
"""


def dump(config: Config, identity: str) -> bytes:
    """YAML that `load` reads back to an equal config.

    The identity of the data is written where the config gives a path, so that a later run notices
    if something else stands there.
    """
    content = config.model_dump(by_alias=True)
    if config.dataset.path is not None:
        content["dataset"]["identity"] = identity
    text = yaml.dump(
        content,
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=float("inf"),
    )
    return f"{_HEADER}{text}".encode()


class _Dumper(yaml.SafeDumper):
    """PyYAML's, with lists on one line, and quotes around text that `plain_scalar` misreads."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML calls it with the value
        """An equal value is written again, never referred to."""
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if _is_read_as_text(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_list(dumper: _Dumper, items: tuple[Any, ...] | list[Any]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(tuple, _represent_list)
_Dumper.add_representer(list, _represent_list)


def _is_read_as_text(text: str) -> bool:
    """True if it needs no quotes; a name of twenty digits would not be read at all."""
    try:
        return plain_scalar(text) == text
    except ValueError:
        return False
