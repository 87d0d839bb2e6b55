"""Trains the shipped model: `make train DATA=…` writes `domain/weights/weights.npz`.

One logistic regression a head over hashed features (`domain/features`), calibrated (Platt) on what no fold had seen.
The thresholds are chosen there too: `trouble` so that hardly any civil text is weighed, `removable` so that none of the
sentences to keep would be proposed for removal. Nothing held back (`sentences.Sentence.is_held_back`) is looked at.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from tjs_moderation.domain.features import LETTERS
from tjs_moderation.domain.model import REMOVABLE, TROUBLE, WEIGHTS_FILE
from tjs_moderation.domain.vocabulary import Score
from tjs_moderation.training.examples import CIVIL, HEADS, SUOMI24, WRITTEN, Example, examples
from tjs_moderation.training.reading import Told, read_all

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FOLDS = 5
_STRENGTH = 3.0
_CIVIL_WEIGHED = 0.005
_KEPT_WEIGHED = 0.01
_CIVIL_REMOVED = 0.0005
_MARGIN = 0.01
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
    """The examples as arrays. `rows` is one sparse row of features an example, `told` what the rules say of it."""

    def __init__(self, given: Sequence[Example], rows: csr_matrix, told: Sequence[Told]) -> None:
        self.given, self.rows, self.told = given, rows, told
        self.sources = np.array([each.source for each in given])
        self.weights = np.array([each.weight for each in given])
        self.folds = np.array([_fold(each.text) for each in given])

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
        unseen[outside] = _fit(data.rows[inside], shares[inside], data.weights[inside]).decision_function(
            data.rows[outside]
        )
    whole = _fit(data.rows[is_known], shares[is_known], data.weights[is_known])
    slope, shift = _platt(unseen, shares, is_known & _is_like_the_page(data, name), _presence(data, name))
    return Head(name, whole.coef_[0] * slope, float(whole.intercept_[0]) * slope + shift, slope, unseen * slope + shift)


def _is_like_the_page(data: Data, name: str) -> Flags:
    """What a head is calibrated on: written sentences, civil texts, and for a label the comments judged for it."""
    of_labels = [SUOMI24] if name in {label.value for label in Score} else []
    return np.isin(data.sources, [WRITTEN, *CIVIL, *of_labels])


def _presence(data: Data, name: str) -> Floats:
    """How much each row counts in calibration: comments judged for a label more than plainly fine ones."""
    is_label = name in {label.value for label in Score}
    if not is_label:
        return np.ones(len(data.sources))
    # The insults written for this program are plainer than people's own; on them alone a model looks surer than it is.
    is_plain = (data.sources == WRITTEN) & (data.known(name) > 0)
    return np.where(data.sources == SUOMI24, 1.0, np.where(is_plain, 0.0, 0.1))


def _fit(rows: csr_matrix, shares: Floats, weights: Floats) -> LogisticRegression:
    """A share between 0 and 1 counts as both answers, each with its part of the weight."""
    is_yes, is_no = shares > 0, shares < 1
    stacked = rows[np.concatenate((np.flatnonzero(is_yes), np.flatnonzero(is_no)))]
    answers = np.concatenate((np.ones(is_yes.sum()), np.zeros(is_no.sum())))
    parts = np.concatenate(((weights * shares)[is_yes], (weights * (1 - shares))[is_no]))
    return LogisticRegression(C=_STRENGTH, solver="liblinear", dual=True, random_state=0, max_iter=60).fit(
        stacked, answers, parts
    )


def _platt(sums: Floats, shares: Floats, chosen: Flags, weights: Floats) -> tuple[float, float]:
    """Slope and shift that turn sums into log-odds."""
    rows = np.concatenate((sums[chosen], sums[chosen]))[:, None]
    answers = np.repeat([1.0, 0.0], int(chosen.sum()))
    parts = np.concatenate(((weights * shares)[chosen], (weights * (1 - shares))[chosen]))
    model = LogisticRegression(C=1e4, max_iter=1000).fit(rows, answers, parts)
    return max(0.05, float(model.coef_[0][0])), float(model.intercept_[0])


def thresholds(data: Data, heads: dict[str, Head]) -> dict[str, float]:
    """From where on `trouble` weighs (criticism: later) and `removable` removes (aimed words: sooner)."""
    trouble, removable = (_share(heads[name].unseen) for name in (TROUBLE, REMOVABLE))
    is_judged_by_rules = np.array([told.is_allowed or told.is_aimed for told in data.told])
    is_allowed, is_aimed, is_criticism = (
        np.array([getattr(told, name) for told in data.told]) for name in ("is_allowed", "is_aimed", "is_criticism")
    )
    is_kept = (data.sources == WRITTEN) & (data.known(TROUBLE) == 0) & ~is_allowed
    is_civil = np.isin(data.sources, CIVIL)
    alone = max(float(removable[is_kept].max()), float(np.quantile(removable[is_civil], 1 - _CIVIL_REMOVED)))
    return {
        TROUBLE: max(
            float(np.quantile(trouble[is_civil], 1 - _CIVIL_WEIGHED)),
            float(np.quantile(trouble[is_kept & ~is_criticism & ~is_judged_by_rules], 1 - _KEPT_WEIGHED)),
        ),
        f"{TROUBLE}:criticism": float(np.quantile(trouble[is_kept & is_criticism], 1 - _KEPT_WEIGHED / 2)),
        REMOVABLE: min(0.999, alone + _MARGIN),
        f"{REMOVABLE}:aimed": min(0.999, float(removable[is_kept & is_aimed].max(initial=0.0)) + _MARGIN),
    }


def _share(sums: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-sums)), dtype=np.float64)


def label_lines(data: Data, heads: dict[str, Head]) -> list[str]:
    """How well each label is told on comments not seen: AUC by label, their mean, and micro F1 at 0.5."""
    lines, aucs, counts = [], [], np.zeros(3)
    for label in Score:
        shares = data.known(label)
        of = (data.sources == SUOMI24) & np.isin(shares, (0, 1 / 3, 2 / 3, 1)) & _is_judged_for(data, label)
        answers, said = shares[of] > 0.5, _share(heads[label].unseen[of])
        aucs.append(float(roc_auc_score(answers, said)))
        counts += ((said > 0.5) & answers).sum(), ((said > 0.5) & ~answers).sum(), ((said <= 0.5) & answers).sum()
        lines.append(f"  {label:16} n {of.sum():5}  yes {answers.sum():4}  AUC {aucs[-1]:.3f}")
    lines.append(
        f"  macro AUC {np.mean(aucs):.3f}  micro F1 at 0.5 {2 * counts[0] / (2 * counts[0] + counts[1:].sum()):.3f}"
    )
    return lines


def _is_judged_for(data: Data, label: Score) -> Flags:
    """Rows judged by people for this very label, not those it was concluded for."""
    return np.array([next(iter(each.known), "") == label for each in data.given])


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
    mask = csr_matrix((np.ones(LETTERS), (np.arange(LETTERS), np.arange(LETTERS))), (data.rows.shape[1],) * 2)
    return Data(data.given, data.rows @ mask, data.told)


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--compare", is_flag=True, help="Also measure letter n-grams alone; writes nothing more.")
def main(data: Path, out: Path, compare: bool) -> None:
    """Train on the data and write the weights."""
    given = list(examples(data))
    read = Data(given, *read_all([each.text for each in given]))
    heads = {name: train_head(read, name) for name in HEADS}
    chosen = thresholds(read, heads)
    click.echo("\n".join(("Suomi24, each fold by the others:", *label_lines(read, heads), f"thresholds {chosen}")))
    if compare:
        plain = letters_alone(read)
        lines = label_lines(plain, {label.value: train_head(plain, label.value) for label in Score})
        click.echo("\n".join(("Letter n-grams alone:", *lines)))
    out.mkdir(parents=True, exist_ok=True)
    written = exported(list(heads.values()), chosen)
    (out / WEIGHTS_FILE).write_bytes(written)
    click.echo(f"{WEIGHTS_FILE}: {len(written) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
