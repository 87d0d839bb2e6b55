"""Everything that is measured, in the order it is shown, and the goals that still wait for a measurement."""

from __future__ import annotations

from tjs_moderation.bench import judging, matching, starting, walk, webhooks

SITTINGS = (*judging.SITTINGS, *starting.SITTINGS, *matching.SITTINGS, *webhooks.SITTINGS, *walk.SITTINGS)

NOT_MEASURED = (
    "tuonti: kaksoiskappaleet, tallennus, jono ja jälki (≥ 30 % SQLiten erästä)",
    "jonosivu miljoonalla rivillä (≤ 2,5 × avainsivutuksen pohja, p95 ≤ 10 ms)",
    "päätös jälkineen (≥ 50 % yhden rivin talletuksesta)",
    "haku miljoonasta, p95 (≤ 2 × paljas kysely)",
    "koko arvio FinBERT-largen rinnalla (≥ 1 000 ×)",
)
"""Goals without a measurement, said in every report, so that silence is not taken for success."""
