"""Writes the frequent word forms with what the dictionary says of them, so that the judge need not ask it again.

`python -m tjs_moderation.training.frequent --data …` counts forms in the training texts and in the written sentences.
Forms that stand in fewer than three texts are left out, and so are names: the list holds no rare word of anybody's.
"""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import click

from tjs_moderation.domain.language.folding import fold
from tjs_moderation.domain.language.morphology import FREQUENT_FILE, analyse, load_dictionary
from tjs_moderation.domain.language.words import WordKind, cut
from tjs_moderation.training.examples import SUOMI24, examples

_LEAST = 3
_MOST = 30_000


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(data: Path, out: Path) -> None:
    """Write the list of frequent forms."""
    counts: Counter[str] = Counter()
    for example in examples(data):
        if example.source != SUOMI24:
            counts.update({word.form for word in cut(fold(example.text)) if word.kind is WordKind.WORD})
    look_up = load_dictionary()
    lines: list[str] = []
    for form, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if count < _LEAST or len(lines) == _MOST:
            break
        outputs = [output for output, _ in look_up(form)]
        if outputs and not all(reading.is_name for reading in analyse(form)):
            lines.append("\t".join((form, *outputs)))
    written = gzip.compress("\n".join(sorted(lines)).encode("utf-8"), mtime=0)
    (out / FREQUENT_FILE).write_bytes(written)
    click.echo(f"{FREQUENT_FILE}: {len(lines)} forms, {len(written) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
