"""Each way in which a value can be wrong, and the sentence it gets."""

from __future__ import annotations

import pytest

from dropsweep.config.checking import validate
from dropsweep.config.models import Config, known_keys
from dropsweep.config.strict_yaml import parse


def _mistakes(text: str) -> list[str]:
    rates = "" if "dropout" in text else "dropout: {rates: [0]}\n"
    result = validate(parse(f"{text}\n{rates}", "c"))
    return [] if isinstance(result, Config) else [str(mistake) for mistake in result]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("dropout: {rates: [0, 1.5]}", "c:1:22: dropout.rates[1]: must be below 1, not 1.5"),
        ("dropout: {rates: [1]}", "c:1:19: dropout.rates[0]: must be below 1, not 1"),
        ("dropout: {rates: [-0.1]}", "c:1:19: dropout.rates[0]: must be at least 0, not -0.1"),
        ("dropout: {rates: [.nan]}", "c:1:19: dropout.rates[0]: must be a finite number, not nan"),
        (
            'dropout: {rates: ["0.5"]}',
            'c:1:19: dropout.rates[0]: "0.5" is text; write it without quotes',
        ),
        ("dropout: {rates: [x]}", 'c:1:19: dropout.rates[0]: must be a number, not "x"'),
        ("dropout: {rates: [true]}", "c:1:19: dropout.rates[0]: must be a number, not true"),
        ("dropout: {rates: [~]}", "c:1:19: dropout.rates[0]: must be a number, not nothing"),
        ("dropout: {rates: 0.5}", "c:1:18: dropout.rates: must be a list, not 0.5; write [0.5]"),
        ("dropout: {rates: []}", "c:1:18: dropout.rates: must not be empty"),
        (
            "dropout: {rates: [0.5, .5]}",
            "c:1:24: dropout.rates[1]: 0.5 stands in the list twice; delete one",
        ),
        ("dropout: {}", "c:1:10: dropout: rates is required (or keep_probs instead)"),
        (
            "dropout: {rates: [0.1], keep_probs: [0.9]}",
            "c:1:37: dropout.keep_probs: stands beside rates, which says the same; "
            "keep one of the two",
        ),
        ("model: {batch_norm: 1}", "c:1:21: model.batch_norm: must be true or false, not 1"),
        (
            "evaluation: {monte_carlo_samples: [0]}",
            "c:1:36: evaluation.monte_carlo_samples[0]: must be at least 1, not 0",
        ),
        (
            "dropout:",
            "c:1:9: dropout: is a section with nothing in it; indent its keys below it",
        ),
        (
            "model:",
            "c:1:7: model: is a section with nothing in it; "
            "indent its keys below it, or leave it out",
        ),
        (
            "training: 3",
            "c:1:11: training: is a section; write its keys below it instead of 3",
        ),
        ("training: {epochs: 0}", "c:1:20: training.epochs: must be at least 1, not 0"),
        (
            "training: {epochs: 1e9}",
            "c:1:20: training.epochs: must be a whole number, not 1000000000.0",
        ),
        (
            "training: {epochs: 1e3}",
            "c:1:20: training.epochs: must be a whole number, not 1000.0; write 1000",
        ),
        (
            "training: {epochs: 1000000000}",
            "c:1:20: training.epochs: must be at most 1000000, not 1000000000",
        ),
        ("training: {epochs: 2.5}", "c:1:20: training.epochs: must be a whole number, not 2.5"),
        (
            'training: {epochs: "3"}',
            'c:1:20: training.epochs: "3" is text; write it without quotes',
        ),
        ("training: {epochs: on}", 'c:1:20: training.epochs: must be a whole number, not "on"'),
        ("training: {learning_rate: 0}", "c:1:27: training.learning_rate: must be above 0, not 0"),
        (
            "training: {optimizer: adagrad}",
            'c:1:23: training.optimizer: must be sgd, momentum, rmsprop or adam, not "adagrad"',
        ),
        ("model: {hidden_sizes: [0]}", "c:1:24: model.hidden_sizes[0]: must be at least 1, not 0"),
        ("model: {hidden_sizes: []}", "c:1:23: model.hidden_sizes: must not be empty"),
        ("model: {dtype: half}", 'c:1:16: model.dtype: must be float32 or float64, not "half"'),
        ("seeds: 0", "c:1:8: seeds: must be at least 1, not 0"),
        ("seeds: true", "c:1:8: seeds: must be a whole number, a list of seeds or auto, not true"),
        ("seeds: [1, -1]", "c:1:12: seeds[1]: must be at least 0, not -1"),
        ("seeds: []", "c:1:8: seeds: must not be empty"),
        (
            "seeds: [1, 1]",
            "c:1:12: seeds[1]: 1 stands in the list twice; delete one",
        ),
        ("name: 7", "c:1:7: name: must be text, not 7; write it in quotes"),
        (
            "name: a/b",
            'c:1:7: name: "a/b" cannot name a folder; '
            "use at most 100 of A-Z a-z 0-9 - _ . and not only dots",
        ),
        (
            'name: "a\\n"',
            'c:1:7: name: "a\\n" cannot name a folder; '
            "use at most 100 of A-Z a-z 0-9 - _ . and not only dots",
        ),
        (
            "name: ..",
            'c:1:7: name: ".." cannot name a folder; '
            "use at most 100 of A-Z a-z 0-9 - _ . and not only dots",
        ),
        (
            f"name: {'a' * 101}",
            f'c:1:7: name: "{"a" * 37}..." cannot name a folder; '
            "use at most 100 of A-Z a-z 0-9 - _ . and not only dots",
        ),
        (
            "dropout: {rates: {from: 0, to: 1, step: 0.1}}",
            "c:1:32: dropout.rates.to: must be below 1, not 1",
        ),
        (
            "dropout: {rates: {from: 0.5, to: 0.2, step: 0.1}}",
            "c:1:34: dropout.rates.to: must be at least from, 0.5, not 0.2",
        ),
        (
            "dropout: {rates: {from: 0, to: 0.9, step: 0.4}}",
            "c:1:43: dropout.rates.step: steps of 0.4 do not lead from 0.0 to 0.9; "
            "the last rate would be 0.8",
        ),
        (
            "dropout: {rates: {from: 0, to: 0.9, step: 1e-9}}",
            "c:1:43: dropout.rates.step: makes 900,000,001 rates; "
            "write a step that makes at most 10,000 different ones",
        ),
        (
            "dropout: {rates: {from: 0.5, to: 0.5000000000000001, step: 1e-17}}",
            "c:1:60: dropout.rates.step: makes 11 rates; "
            "write a step that makes at most 10,000 different ones",
        ),
        (
            "seeds: many",
            'c:1:8: seeds: must be a whole number, a list of seeds or auto, not "many"',
        ),
        ('seeds: "3"', 'c:1:8: seeds: "3" is text; write it without quotes'),
        (
            "seeds: auto",
            "c:1:8: seeds: auto compares rates, and there is only one; "
            "add a rate, or write a number of seeds",
        ),
        (
            "seeds: auto\ndropout: {keep_probs: [0.1, 0.10000000000000002]}",
            "c:1:8: seeds: auto cannot compare keep probabilities this close; "
            "remove one of dropout.keep_probs, or write a number of seeds",
        ),
        ("decision: {margin: 0}", "c:1:20: decision.margin: must be above 0, not 0"),
        ("decision: {margin: 1}", "c:1:20: decision.margin: must be below 1, not 1"),
        (
            "decision: {margin: 0.00125}",
            "c:1:20: decision.margin: must have at most 4 decimals, as in 0.005, not 0.00125",
        ),
        (
            "dataset: {images: random}",
            'c:1:19: dataset.images: must be first or drawn, not "random"',
        ),
        ('dataset: {path: ""}', "c:1:17: dataset.path: must not be empty"),
        (
            "dataset: {name: synthetic, path: x}",
            "c:1:34: dataset.path: synthetic images are generated, not read; "
            "delete the path, or use name: cifar10",
        ),
        ("dataset: {train_size: 0}", "c:1:23: dataset.train_size: must be at least 1, not 0"),
        ("dataset: {test_size: -1}", "c:1:22: dataset.test_size: must be at least 0, not -1"),
    ],
)
def test_a_wrong_value_gets_one_located_sentence(text: str, mistake: str) -> None:
    """The sentence names the key, the rule and the value, and stands at the value."""
    assert _mistakes(text) == [mistake]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("dropout: {rates: '0, 0.5'}", "; write [0, 0.5]"),
        ("dropout: {rates: 'linspace(0, 0.9, 5)'}", ""),
        ("dropout: {rates: 1}", ""),
        ("dropout: {keep_probs: 1}", "; write [1]"),
        ("dropout: {rates: '0, 1'}", ""),
        ("training: {epochs: '2.5'}", ""),
        ("training: {epochs: -3.0}", ""),
        ("training: {epochs: '3'}", "; write it without quotes"),
        ("training: {learning_rate: '1e999'}", ""),
        ("training: {learning_rate: '٣'}", ""),
        ("evaluation: {monte_carlo_samples: 20000}", ""),
        ("grid: {training.epochs: '1, 2'}", "; write [1, 2]"),
        ("grid: {training.epochs: 'range(1, 3)'}", ""),
        ("grid: {model.activation: 'relu, tanh'}", "; write [relu, tanh]"),
    ],
)
def test_what_is_proposed_would_be_taken(text: str, hint: str) -> None:
    """A value is proposed only where it is right; otherwise the rule is all that is said."""
    (mistake,) = _mistakes(text)
    assert mistake.endswith(hint) if hint else "; write" not in mistake


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("drpout: {}", "drpout: unknown key; did you mean dropout?"),
        ("training: {EPOCH: 3}", "training.EPOCH: unknown key; did you mean epochs?"),
        (
            "dataset: {batch_size: 3}",
            "dataset.batch_size: unknown key here; did you mean batch_size in "
            "the section training?",
        ),
        ("epochs: 3", "epochs: unknown key here; did you mean epochs in the section training?"),
        ("epoch: 3", "epoch: unknown key here; did you mean epochs in the section training?"),
        (
            "model: {seeds: 3}",
            "model.seeds: unknown key here; did you mean seeds outside of any section?",
        ),
        (
            "training.epochs: 3",
            '"training.epochs": unknown key here; did you mean epochs in the section training?',
        ),
        (
            "zzz: 3",
            "zzz: unknown key; known here: name, dataset, model, dropout, training, "
            "evaluation, results, seeds",
        ),
        ("model: {l2: 0}", "model.l2: unknown key here; did you mean l2 in the section training?"),
        ("model: {zzz: 0}", "model.zzz: unknown key; known here: "),
    ],
)
def test_an_unknown_key_gets_a_hint(text: str, hint: str) -> None:
    """The nearest key of the section, then of another one, then the list; at the key's place."""
    (mistake,) = _mistakes(f"# c\n{text}")
    column = text.find("{") + 2 if text.find("{") + 1 < text.rfind("}") else 1
    assert mistake.startswith(f"c:2:{column}: {hint}")


_ODD = [
    *("~", "true", "-1", "0", "1.5", ".nan", ".inf", "1e30", "999999999999999999"),
    *("text", "''", "'0.5'", "\u00e9", "{}", "{a: 1}", "{<count>: 1}"),
    *("[]", "[~, true, -1, '', [], {}, .nan, 1e30]"),
]


@pytest.mark.parametrize("odd", _ODD)
@pytest.mark.parametrize(
    "key", [f"{section}.{key}" for section, keys in known_keys().items() for key in keys]
)
def test_no_value_of_any_key_surprises_the_checks(key: str, odd: str) -> None:
    """Every kind of value under every key is accepted or told about, in our own words."""
    section, _, name = key.rpartition(".")
    for mistake in _mistakes(f"{section}: {{{name}: {odd}}}" if section else f"{name}: {odd}"):
        assert mistake.startswith("c:1:")
        assert "Input should" not in mistake


def test_a_range_of_rates_names_its_keys() -> None:
    """A misspelt and a missing one are both told."""
    assert _mistakes("dropout: {rates: {from: 0, to: 0.9, stp: 0.1}}") == [
        "c:1:11: dropout.rates.step: is required; add it",
        "c:1:37: dropout.rates.stp: unknown key; did you mean step?",
    ]


@pytest.mark.parametrize("text", ["dropuot: {rates: [0]}", "dropuot: {rates: [0]}\nseeds: 0"])
def test_a_misspelt_section_is_not_missed_as_well(text: str) -> None:
    """Its keys are there, under the name that is told; other mistakes are told beside it."""
    result = validate(parse(text, "c"))
    assert not isinstance(result, Config)
    told = [str(mistake) for mistake in result]
    assert "c:1:1: dropuot: unknown key; did you mean dropout?" in told
    assert len(told) == 1 + text.count("\n")
    assert not any("required" in sentence for sentence in told)
