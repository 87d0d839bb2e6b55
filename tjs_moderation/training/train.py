"""Trains the model: `make train DATA=…` writes `domain/weights/weights.npz` and `training/measuring.npz`.

One logistic regression a head over hashed features (`domain/features`), calibrated (Platt) on what no fold had seen;
the labels are then levelled, so that 0.5 is where they tell Suomi24's comments best. The thresholds are chosen there
too: `trouble` so that hardly any civil text is weighed, `removable` so that hardly any of the sentences to keep
would be proposed for removal.

Two files are written in the same way: the weights that ship, of everything, and `training/measuring.npz`, for which
nothing held back (`sentences.Sentence.is_held_back`) was looked at; by these `training/evaluate` measures.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from tjs_moderation.domain.features import LETTERS
from tjs_moderation.domain.model import BY_PASSAGE, REMOVABLE, TROUBLE, WEIGHTS_FILE, joined, with_passages
from tjs_moderation.domain.verdict import Weight
from tjs_moderation.domain.vocabulary import Score
from tjs_moderation.training import MEASURING_FILE
from tjs_moderation.training.examples import CIVIL, HEADS, SUOMI24, WRITTEN, Example, examples
from tjs_moderation.training.reading import Rows, read_all

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FOLDS = 5
_AT_ONCE = 2
_STRENGTH = 2.0
_BARE = 0.5
"""How much a text counts once more as if no rule had spoken, so that its words are learnt beside the rules."""
_ROUNDS = 25
_CIVIL_WEIGHED = 0.007
_CRITICAL_WEIGHED = 0.01
_KEPT_WEIGHED = 0.05
_CIVIL_REMOVED = 0.0006
_KEPT_REMOVED = 0.003
_KEPT_REMOVED_BESIDE = 0.04
"""The first where no rule speaks, the other of those that a rule weighs: few, and one of them decides nothing."""
_RIGHTLY_DOUBTED = 0.04
_MARGIN = 0.001
_LEVELS = np.linspace(0.0, 1.5, 31)
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Head:
    """A trained head: weights by feature and an offset, before calibration, and what it said of rows it did not see."""

    name: str
    weights: Floats
    offset: float
    slope: float
    unseen: Floats


class Data:
    """The examples with their rows, as arrays."""

    def __init__(self, given: Sequence[Example], rows: Rows) -> None:
        self.given, self.rows = given, rows
        self.sources = np.array([each.source for each in given])
        self.weights = np.array([each.weight for each in given])
        self.folds = np.array([_fold(each.text) for each in given])

    def without_held_back(self) -> Data:
        """What the measuring weights may learn from."""
        chosen = np.array([not each.is_held_back for each in self.given])
        return Data([each for each in self.given if not each.is_held_back], self.rows.only(chosen))

    def known(self, head: str) -> Floats:
        """The share of “yes” of each example, NaN where nothing is known."""
        return np.array([each.known.get(head, np.nan) for each in self.given])


def _fold(text: str) -> int:
    """The fold of a text; with and without its question mark it is in the same one."""
    return hashlib.sha256(text.replace("?", "").strip().casefold().encode("utf-8", "replace")).digest()[1] % FOLDS


def train_head(data: Data, name: str) -> Head:
    """One head: five folds for what it makes of unseen rows, one fit on everything, Platt's two numbers."""
    shares = data.known(name)
    is_known = ~np.isnan(shares)
    unseen = np.full(len(shares), np.nan)
    for fold in range(FOLDS):
        inside = is_known & (data.folds != fold)
        outside = data.folds == fold
        weights, offset = _fit(data, inside, shares)
        unseen[outside] = _sums(data.rows, name, weights, offset)[outside]
    weights, offset = _fit(data, is_known, shares)
    slope, shift = _platt(unseen, shares, is_known & _is_calibrating(data, name))
    return Head(name, weights * slope, offset * slope + shift, slope, unseen * slope + shift)


def _sums(rows: Rows, name: str, weights: Floats, offset: float) -> Floats:
    """What a head makes of every text, before calibration; as `domain/model` does it."""
    whole = np.asarray(rows.whole @ weights + offset, np.float64)
    if name not in BY_PASSAGE:
        return whole
    worst = np.full(len(whole), -np.inf)
    np.maximum.at(worst, rows.owners, rows.passages @ weights + offset)
    return with_passages(whole, np.where(np.isinf(worst), whole, worst))


def train_heads(data: Data) -> dict[str, Head]:
    """All heads by name, two at a time. Each is trained by itself, so the order changes nothing.

    Processes, not threads: all threads of one would draw from the solver's one source of random numbers.
    """
    with get_context("spawn").Pool(_AT_ONCE, _take, (data,)) as pool:
        return dict(zip(HEADS, pool.map(_train_shared, HEADS, chunksize=1), strict=True))


_shared: list[Data] = []


def _take(data: Data) -> None:
    _shared.append(data)


def _train_shared(name: str) -> Head:
    return train_head(_shared[0], name)


def _is_calibrating(data: Data, name: str) -> Flags:
    """What a head is calibrated on: a label on the comments judged for it, all else on what is like the page.

    The insults written for this program are plainer than people's own; on them a label looks surer than it is.
    """
    if name in {label.value for label in Score}:
        return _is_judged_for(data, name)
    return np.isin(data.sources, [WRITTEN, *CIVIL])


def _fit(data: Data, chosen: Flags, known: Floats) -> tuple[Floats, float]:
    """Weights and offset learnt on the chosen examples.

    A share between 0 and 1 counts as both answers, each with its part of the weight.
    """
    again = chosen & np.isin(data.sources, (WRITTEN, SUOMI24))
    rows = vstack((data.rows.whole[chosen], data.rows.bare[again]), format="csr")
    shares = np.concatenate((known[chosen], known[again]))
    weights = np.concatenate((data.weights[chosen], _BARE * data.weights[again]))
    is_yes, is_no = shares > 0, shares < 1
    spread = _spread(rows, weights * shares, weights * (1 - shares))
    rows.data = rows.data * spread[rows.indices]
    stacked = rows[np.concatenate((np.flatnonzero(is_yes), np.flatnonzero(is_no)))]
    answers = np.concatenate((np.ones(is_yes.sum()), np.zeros(is_no.sum())))
    parts = np.concatenate(((weights * shares)[is_yes], (weights * (1 - shares))[is_no]))
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", dual=True, random_state=0, max_iter=_ROUNDS)
    model.fit(stacked, answers, parts)
    return model.coef_[0] * spread, float(model.intercept_[0])


def _spread(rows: csr_matrix, yes: Floats, no: Floats) -> Floats:
    """How far each feature alone tells “yes” from “no”: the root of naive Bayes' log ratio (Wang and Manning 2012)."""
    each = np.diff(rows.indptr)
    said_yes, said_no = (
        1.0 + np.bincount(rows.indices, np.repeat(amounts, each), rows.shape[1]) for amounts in (yes, no)
    )
    return np.asarray(np.sqrt(np.abs(np.log(said_yes / said_yes.sum() * (said_no.sum() / said_no)))), np.float64)


def _platt(sums: Floats, shares: Floats, chosen: Flags) -> tuple[float, float]:
    """Slope and shift that turn sums into log-odds."""
    rows = np.concatenate((sums[chosen], sums[chosen]))[:, None]
    answers = np.repeat([1.0, 0.0], int(chosen.sum()))
    parts = np.concatenate((shares[chosen], 1 - shares[chosen]))
    model = LogisticRegression(C=1e4, max_iter=1000).fit(rows, answers, parts)
    return max(0.05, float(model.coef_[0][0])), float(model.intercept_[0])


def thresholds(data: Data, heads: dict[str, Head]) -> dict[str, float]:
    """From where on `trouble` weighs, and `removable` removes beside what the rules make of a text.

    Where rules propose removal, `removable` must only not fall below: a few of the rightly removed may be weighed
    instead. Beside a rule that weighs, `_KEPT_REMOVED_BESIDE` of the sentences to keep may be removed, but one in any
    case; elsewhere `_KEPT_REMOVED` of all of them, and `_CIVIL_REMOVED` of the civil ones.
    """
    trouble, removable = (_share(heads[name].unseen) for name in (TROUBLE, REMOVABLE))
    told = _as_told(data)
    is_written = (data.sources == WRITTEN) & ~told.is_allowed
    is_kept, is_civil = is_written & (data.known(TROUBLE) == 0), np.isin(data.sources, CIVIL)
    beside = {weight: is_kept & (told.weight == weight) for weight in Weight}
    chosen = {
        f"{REMOVABLE}:{weight}": _least(removable, kept, max(1, int(kept.sum() * _KEPT_REMOVED_BESIDE)))
        for weight, kept in beside.items()
    }
    alone = beside[Weight.NONE]
    most, civil_most = int(is_kept.sum() * _KEPT_REMOVED), int(is_civil.sum() * _CIVIL_REMOVED)
    chosen[f"{REMOVABLE}:{Weight.NONE}"] = max(_least(removable, alone, most), _least(removable, is_civil, civil_most))
    rightly = removable[is_written & (data.known(REMOVABLE) == 1) & (told.weight == Weight.REMOVING)]
    doubted = float(np.quantile(rightly, _RIGHTLY_DOUBTED))
    is_criticism = alone & told.is_criticism
    civil = float(np.quantile(trouble[is_civil], 1 - _CIVIL_WEIGHED))
    return chosen | {
        f"{REMOVABLE}:{Weight.REMOVING}": doubted,
        TROUBLE: max(civil, float(np.quantile(trouble[alone & ~is_criticism], 1 - _KEPT_WEIGHED))),
        f"{TROUBLE}:criticism": max(civil, float(np.quantile(trouble[is_criticism], 1 - _CRITICAL_WEIGHED))),
    }


def _least(shares: Floats, kept: Flags, most: int) -> float:
    """The threshold that at most so many of these reach."""
    found = np.sort(shares[kept])[::-1]
    return min(0.999, float(found[most]) + _MARGIN) if len(found) > most else 0.999


@dataclass(frozen=True, slots=True)
class _AsTold:
    """What the rules say of every row, as arrays."""

    is_allowed: Flags
    is_criticism: Flags
    weight: NDArray[np.str_]


def _as_told(data: Data) -> _AsTold:
    return _AsTold(
        np.array([told.is_allowed for told in data.rows.told]),
        np.array([told.is_criticism for told in data.rows.told]),
        np.array([str(told.weight) for told in data.rows.told]),
    )


def _share(sums: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-sums)), dtype=np.float64)


def levelled(data: Data, heads: dict[str, Head]) -> dict[str, Head]:
    """The labels' heads raised by one amount for all: the one with which scores above 0.5 tell comments best."""
    answers, said, told = _scored(data, heads)
    found = [_micro_f1(answers, joined(_share(said + level), told) > 0.5) for level in _LEVELS]
    level = float(_LEVELS[int(np.argmax(np.convolve(found, np.ones(3), "same")))])
    raised = {
        label.value: replace(heads[label], offset=heads[label].offset + level, unseen=heads[label].unseen + level)
        for label in Score
    }
    return heads | raised


def _scored(data: Data, heads: dict[str, Head]) -> tuple[Flags, Floats, Floats]:
    """Of each comment that has a published judgement: the judgement, what its label's head says, what the rules say."""
    rows = [(i, next(iter(each.known))) for i, each in enumerate(data.given) if each.decided is not None]
    return (
        np.array([bool(data.given[i].decided) for i, _ in rows]),
        np.array([heads[label].unseen[i] for i, label in rows]),
        np.array([data.rows.told[i].scores[label] for i, label in rows]),
    )


def _micro_f1(answers: Flags, said: Flags) -> float:
    return float(2 * (answers & said).sum() / max(1, answers.sum() + said.sum()))


def label_lines(data: Data, heads: dict[str, Head]) -> list[str]:
    """How well each label is told on comments not seen: AUC by label (heads alone, with the rules' scores) and F1."""
    answers, said, told = _scored(data, heads)
    scores = joined(_share(said), told)
    labels = np.array([next(iter(each.known)) for each in data.given if each.decided is not None])
    lines, aucs = [], []
    for label in Score:
        of = labels == label
        aucs.append([float(roc_auc_score(answers[of], each[of])) for each in (said, scores)])
        alone, both = aucs[-1]
        lines.append(f"  {label:16} n {of.sum():5}  yes {answers[of].sum():4}  AUC {alone:.3f}  with rules {both:.3f}")
    alone, both = np.mean(aucs, axis=0)
    lines.append(f"  macro AUC {alone:.3f}  with rules {both:.3f}")
    lines.append(
        f"  micro F1 at 0.5 {_micro_f1(answers, said > 0):.3f}  with rules {_micro_f1(answers, scores > 0.5):.3f}"
    )
    return lines


def _is_judged_for(data: Data, label: str) -> Flags:
    """Rows judged by people for this very label, not those it was concluded for."""
    return np.array([each.source == SUOMI24 and next(iter(each.known)) == label for each in data.given])


def exported(heads: Sequence[Head], chosen: dict[str, float]) -> bytes:
    """The weights file: half-precision weights, offsets, and what they are; without times, so that it never differs."""
    weights = np.stack([head.weights for head in heads], axis=1).astype(np.float16)
    version = f"trained-{hashlib.sha256(weights.tobytes()).hexdigest()[:10]}"
    about = {
        "version": version,
        "heads": [head.name for head in heads],
        "thresholds": {name: round(share, 4) for name, share in chosen.items()},
    }
    parts: dict[str, NDArray[np.generic]] = {
        "weights": weights,
        "offsets": np.array([head.offset for head in heads], np.float32),
        "about": np.array(json.dumps(about)),
    }
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            piece = BytesIO()
            np.save(piece, part)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), piece.getvalue(), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def letters_alone(data: Data) -> Data:
    """The same examples with letter n-grams as their only features, to see what everything else is worth."""
    rows = data.rows
    mask = csr_matrix((np.ones(LETTERS), (np.arange(LETTERS), np.arange(LETTERS))), (rows.whole.shape[1],) * 2)
    masked = {name: getattr(rows, name) @ mask for name in ("whole", "bare", "passages")}
    return Data(data.given, replace(rows, **masked))


def written_weights(data: Data) -> bytes:
    """Trains on the data, says how well the labels are told, and returns the weights file."""
    heads = levelled(data, train_heads(data))
    chosen = thresholds(data, heads)
    click.echo("\n".join(("Suomi24, each fold by the others:", *label_lines(data, heads), f"thresholds {chosen}")))
    return exported(list(heads.values()), chosen)


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--measuring", type=click.Path(file_okay=False, path_type=Path), default=Path(__file__).parent)
@click.option("--compare", is_flag=True, help="Also measure letter n-grams alone; writes nothing more.")
def main(data: Path, out: Path, measuring: Path, compare: bool) -> None:
    """Train on the data: the weights that ship into `out`, those without the held-back sentences into `measuring`."""
    given = list(examples(data))
    everything = Data(given, read_all([each.text for each in given]))
    for folder, name, learnt in (
        (measuring, MEASURING_FILE, everything.without_held_back()),
        (out, WEIGHTS_FILE, everything),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        written = written_weights(learnt)
        (folder / name).write_bytes(written)
        click.echo(f"{name}: {len(written) / 1e6:.1f} MB")
    if compare:
        plain = letters_alone(everything)
        lines = label_lines(plain, {label.value: train_head(plain, label.value) for label in Score})
        click.echo("\n".join(("Letter n-grams alone:", *lines)))


if __name__ == "__main__":
    main()
