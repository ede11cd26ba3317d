"""A config file as a user meets it: read, or refused with everything that is wrong."""

from __future__ import annotations

import io
import random
import sys
from pathlib import Path

import pytest

from dropsweep.config.reading import load
from dropsweep.errors import ConfigError, Exit

_GOOD = b"""\
# the seven-rate experiment, smaller
name: small
dataset: {name: synthetic, train_size: 100}
dropout:
  rates: [0, 0.5]   # probability of dropping
training:
  epochs: 2
  learning_rate: 5.0e-4
seeds: [3, 1]
"""


def _write(folder: Path, content: bytes, name: str = "small.yaml") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def _refusal(source: str, overrides: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(source, overrides)
    assert caught.value.exit_code is Exit.USAGE
    return [line.strip().replace(source, "c") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize("content", [_GOOD, b"\xef\xbb\xbf" + _GOOD, _GOOD.replace(b"\n", b"\r\n")])
def test_a_config_is_read(tmp_path: Path, content: bytes) -> None:
    """Keys are taken and the rest is defaults, with any editor's line ends and byte-order mark."""
    config = load(_write(tmp_path, content)).config
    assert (config.name, config.dataset.name, config.dataset.val_size) == (
        "small",
        "synthetic",
        1000,
    )
    assert config.dropout.rates == (0.0, 0.5)
    assert (config.training.epochs, config.training.learning_rate) == (2, 0.0005)
    assert config.seed_list == (3, 1)


def test_the_file_gives_the_name(tmp_path: Path) -> None:
    """Without a name, the results are named after the config's file."""
    loaded = load(_write(tmp_path, b"dropout: {rates: [0]}", "my-2.sweep.yaml"))
    assert loaded.config.name == "my-2.sweep"


def test_a_file_name_that_cannot_name_results_is_told(tmp_path: Path) -> None:
    """The user is asked for a name rather than given another; a written name settles it."""
    source = _write(tmp_path, b"dropout: {rates: [0]}", "my sweep.yaml")
    assert _refusal(source)[1:] == [
        'c:1:1: name: not given, and the file\'s name "my sweep" cannot name a folder; '
        "add a name: use at most 100 of A-Z a-z 0-9 - _ . and not only dots"
    ]
    assert load(source, ["name=ok"]).config.name == "ok"


def test_a_dash_reads_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` is stdin, in the name and in messages."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"dropout: {rates: [0]}")))
    loaded = load("-")
    assert (loaded.config.name, loaded.source) == ("stdin", "<stdin>")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"dropout: {rates: [2]}")))
    assert _refusal("-")[1] == "<stdin>:1:19: dropout.rates[0]: must be below 1, not 2"


def test_settings_are_checked_with_the_file(tmp_path: Path) -> None:
    """``--set`` fixes a mistake of the file, and makes its own."""
    source = _write(tmp_path, b"dropout: {rates: [2]}")
    assert load(source, ["dropout.rates=[0.25]"]).config.dropout.rates == (0.25,)
    assert _refusal(source, ("dropout.rates=[0, 3]", "seeds=[1")) == [
        "the config has 2 mistakes; nothing was started.",
        "--set dropout.rates=[0, 3]: dropout.rates[1]: must be below 1, not 3",
        "--set seeds=[1: not YAML: expected ',' or ']', but got '<stream end>' "
        "while parsing a flow sequence from line 1",
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    """Reading, keys, types and ranges are one list, and no value is blamed twice."""
    content = b"""\
seed: 3
dropout:
  rates: [0, *x, "0.5", 1]
  rates: [0, *x, "0.5", 1]
training: {epochs: 99999999999999999999, batch_size: 1.5}
7: x
"""
    reference = (
        "anchors (&), aliases (*) and merge keys (<<) are not used here; write the value out"
    )
    assert _refusal(_write(tmp_path, content), ("nonsense",)) == [
        "the config has 10 mistakes; nothing was started.",
        "--set nonsense: must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]",
        "c:1:1: seed: unknown key; did you mean seeds?",
        f"c:3:14: dropout.rates[1]: {reference}",
        "c:4:3: dropout.rates: given twice, first on line 3; keep one",
        f"c:4:14: dropout.rates[1]: {reference}",
        'c:4:18: dropout.rates[2]: "0.5" is text; write it without quotes',
        "c:4:25: dropout.rates[3]: must be below 1, not 1",
        "c:5:20: training.epochs: a whole number of 20 digits; write at most 18",
        "c:5:54: training.batch_size: must be a whole number, not 1.5",
        "c:6:1: a key must be a word, not 7",
    ]


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"", "c:1:1: the config is empty; the least it can hold is: dropout: {rates: [0, 0.5]}"),
        (b"\xef\xbb\xbf\x07", "c:1:1: the control character U+0007 cannot stand in a config; "
         "delete it"),
        (b"- a\n", 'c:1:1: the config must be made of "key: value" lines, not a list'),
        (b"name: a\n", "c:1:1: dropout: rates is required (or keep_probs instead)"),
        (b"a: [", "c:1:5: not YAML: expected the node content, but found '<stream end>' "
         "while parsing a flow node from line 1"),
        (b"a: 1\nb: \xe9\n", "c:2:4: the byte 0xe9 is not UTF-8 text; save the config as UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_config_is_one_mistake(
    tmp_path: Path, content: bytes, mistake: str
) -> None:
    """The error names only the mistake, not its consequences."""
    assert _refusal(_write(tmp_path, content)) == [
        "the config has 1 mistake; nothing was started.",
        mistake,
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A missing file and a folder are config errors, with the system's reason."""
    assert _refusal(str(tmp_path / "none.yaml")) == [
        "c: the config cannot be read (No such file or directory).",
        "Give the path of a YAML file, or - to read it from stdin.",
    ]
    assert _refusal(str(tmp_path))[0].startswith("c: the config cannot be read (")


def test_a_folder_with_a_config_names_it(tmp_path: Path) -> None:
    """A results folder in place of its config."""
    inside = Path(_write(tmp_path, b"dropout: {rates: [0]}"))
    inside.rename(inside.with_name("config.yaml"))
    with pytest.raises(ConfigError) as raised:
        load(str(tmp_path))
    assert raised.value.remedy == f"Give the config in it: {tmp_path / 'config.yaml'}"


def test_no_damage_to_a_file_is_a_traceback(tmp_path: Path) -> None:
    """Whatever bytes are changed, the config is read or refused in our own words."""
    rng = random.Random(0)  # noqa: S311 - no secrets here
    alphabet = b"\x00\t\n\r :#-[]{}&*!|>'\"%@`,?~<.\\0159aex\x7f\xc3\xa9\xff"
    refused = 0
    for _ in range(400):
        content = bytearray(_GOOD)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(content))
            content[at : at + rng.randint(0, 2)] = bytes(rng.choices(alphabet, k=rng.randint(0, 3)))
        try:
            load(_write(tmp_path, bytes(content)))
        except ConfigError:
            refused += 1
    assert 100 < refused < 400
