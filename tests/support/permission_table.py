"""Who may do what, one row an address: made of the marks of the views, kept in docs/permissions.md, held by a test.

`python -m tests.support.permission_table` writes the paper anew; whoever commits it has seen what has changed.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tjs_moderation.app import create_app
from tjs_moderation.domain.vocabulary import GRANTS, Role
from tjs_moderation.settings import Settings
from tjs_moderation.web.access import access_of, asks_again

PAPER = Path(__file__).parents[2] / "docs" / "permissions.md"
ROLES = (Role.ASIANTUNTIJA, Role.TIEDOTTAJA, Role.ATK_SUUNNITTELIJA)
HEADER = "| address | method | not signed in | asiantuntija | tiedottaja | atk-suunnittelija | asks again |"

_BEFORE = """# Permissions

Every address of the console, and who gets an answer there. Made by `make permissions` of the marks that the views carry
(`web/access`); `tests/web/test_permissions.py` asks every address in every role and fails where the answer is not the
one in this table, or the table not that of the marks.

*yes*: the view answers. *no*: 403, and nothing is done. *sign in*: sent to the sign-in page. A yes lets somebody ask;
which items, drafts, notices or sign-ins they then see or change is decided by the verb itself (`services/reach`), and
what is somebody else's does not exist for them (404): `tests/security/test_objects_of_others.py`. *asks again*: the
password is asked for once more where it was given over ten minutes ago (`web/proving`). The door for webhooks,
`/hooks/facebook`, stands in front of the app and believes signatures alone ([security](security.md)).

"""


@dataclass(frozen=True, slots=True)
class Row:
    """One method of one address, with the answer for whoever is not signed in and for each role."""

    address: str
    method: str
    answers: tuple[str, ...]
    asks_again: bool

    def line(self) -> str:
        cells = (f"`{self.address}`", self.method, *self.answers, "yes" if self.asks_again else "")
        return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def rows_of(app: Flask) -> Iterator[Row]:
    """The table that the marks of the views make, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        mark = access_of(view)
        if mark is None:
            raise ValueError(f"{rule.endpoint} has no mark")
        if mark.is_public:
            answers = ("yes",) * (len(ROLES) + 1)
        else:
            answers = ("sign in", *("yes" if mark.any_of & GRANTS[role] else "no" for role in ROLES))
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            yield Row(plain(rule.rule), method, answers, method == "POST" and asks_again(view))


def table_of(app: Flask) -> str:
    """The whole paper."""
    lines = [HEADER, "|---" * 7 + "|", *(row.line() for row in rows_of(app))]
    return _BEFORE + "\n".join(lines) + "\n"


def told() -> dict[tuple[str, str], tuple[str, ...]]:
    """What the paper says: the answers by address and method."""
    lines = PAPER.read_text().split(HEADER, 1)[1].strip().splitlines()[1:]
    cells = ([cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines)
    return {(address, method): tuple(answers[:4]) for address, method, *answers in cells}


def plain(rule: str) -> str:
    """`/items/<item_id>`: the address without what a part of it has to look like, which may hold a column's bar."""
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"<\1>", rule)


def main() -> None:
    """Write the paper."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            Path(folder), f"sqlite:///{folder}/t.db", f"sqlite:///{folder}/q.db", "only to look at marks"
        )
        PAPER.write_text(table_of(create_app(settings)))


if __name__ == "__main__":
    main()
