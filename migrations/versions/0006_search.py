"""Finding: the words of each item, the marks of what has changed, and searches people keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What makes an item's words stale: (name, table, event, the items as a query over the row that changed).
MARKS = (
    ("text_added", "item_text", "INSERT", "SELECT new.item_id"),
    ("text_changed", "item_text", "UPDATE OF text", "SELECT new.item_id"),
    ("item_changed", "item", "UPDATE OF sorted_at, author_id, post_id, text_version", "SELECT new.id"),
    ("author_changed", "author", "UPDATE OF name", "SELECT id FROM item WHERE author_id = new.id"),
    ("post_changed", "post", "UPDATE OF text", "SELECT id FROM item WHERE post_id = new.id"),
    ("note_added", "note", "INSERT", "SELECT new.item_id"),
    ("note_changed", "note", "UPDATE OF text", "SELECT new.item_id"),
    ("answer_added", "answer_revision", "INSERT", "SELECT item_id FROM answer WHERE id = new.answer_id"),
    ("answer_changed", "answer_revision", "UPDATE OF text", "SELECT item_id FROM answer WHERE id = new.answer_id"),
)

SQLITE_INDEX = (
    (
        "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_text', content_rowid='place', "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    ),
    (
        "CREATE TRIGGER search_index_added AFTER INSERT ON search_text BEGIN "
        "INSERT INTO search_index(rowid, words) VALUES (new.place, new.words); END"
    ),
    (
        "CREATE TRIGGER search_index_removed AFTER DELETE ON search_text BEGIN "
        "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.place, old.words); END"
    ),
    (
        "CREATE TRIGGER search_index_changed AFTER UPDATE ON search_text BEGIN "
        "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.place, old.words); "
        "INSERT INTO search_index(rowid, words) VALUES (new.place, new.words); END"
    ),
)

POSTGRES_INDEX = (
    (
        "ALTER TABLE search_text ADD COLUMN search_index tsvector "
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED"
    ),
    "CREATE INDEX search_index_words ON search_text USING gin (search_index)",
)


def upgrade() -> None:
    """Make the tables, the index and the triggers; everything that is there waits to be indexed by a worker."""
    op.create_table(
        "search_text",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_search_text_item_id")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_text")),
        sa.UniqueConstraint("item_id", name=op.f("uq_search_text_item_id")),
    )
    op.create_table(
        "search_due",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_search_due_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_due")),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_saved_search_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_search_user_id_name")),
    )
    for statement in SQLITE_INDEX if _is_sqlite() else POSTGRES_INDEX:
        op.execute(statement)
    for mark in MARKS:
        _mark(*mark)
    op.execute("INSERT INTO search_due (item_id) SELECT id FROM item ORDER BY id")


def downgrade() -> None:
    """Take them away again."""
    for name, table, _, _ in MARKS:
        if _is_sqlite():
            op.execute(f"DROP TRIGGER search_{name}")
        else:
            op.execute(f"DROP TRIGGER search_{name} ON {table}")
            op.execute(f"DROP FUNCTION search_{name}()")
    if _is_sqlite():
        op.execute("DROP TABLE search_index")
    for table in ("saved_search", "search_due", "search_text"):
        op.drop_table(table)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _mark(name: str, table: str, event: str, items: str) -> None:
    """A trigger that marks the items whose words have changed."""
    added = f"INSERT INTO search_due (item_id) {items};"
    if _is_sqlite():
        op.execute(f"CREATE TRIGGER search_{name} AFTER {event} ON {table} BEGIN {added} END")
        return
    body = f"BEGIN {added} RETURN NULL; END"
    op.execute(f"CREATE FUNCTION search_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    op.execute(f"CREATE TRIGGER search_{name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION search_{name}()")
