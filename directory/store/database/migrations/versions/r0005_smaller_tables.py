"""Store words in columns, provenance once per row of a dataset, and slugs only where the organizations do not imply them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

FACETS = ("languages", "issue_areas", "communities", "work_areas")
WORD_COLUMNS = (*FACETS, "service_areas")
DISCLOSURES = "'EXACT', 'POSTAL_CODE', 'CITY', 'COUNTY', 'STATE', 'HIDDEN'"
SLUG_REFERENCE = "CONSTRAINT fk_organizations_slug FOREIGN KEY(slug) REFERENCES slugs (slug)"
BATCH = 1000  # rows per statement

DATASET_COLUMNS = ("title", "url", "origin", "file")
GROUP_COLUMNS = ("date", "tells", "row")  # besides the dataset


def upgrade() -> None:
    for name in WORD_COLUMNS:  # the default is for the existing rows only
        op.execute(f"ALTER TABLE organizations ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    if _is_postgresql():
        op.execute("ALTER TABLE organizations DROP CONSTRAINT fk_organizations_slug")
        for name in WORD_COLUMNS:
            op.execute(f"ALTER TABLE organizations ALTER COLUMN {name} DROP DEFAULT")
    _fill_word_columns()
    _create_provenance()
    _fill_provenance()
    for name in ("terms", "service_areas", "sources"):
        op.drop_table(name)
    if not _is_postgresql():
        _rebuild_organizations(_remove_slug_reference)
    op.execute(
        "DELETE FROM slugs WHERE slug IN (SELECT slug FROM organizations WHERE audience = 'PUBLIC' AND hidden_since IS NULL)"
    )


def downgrade() -> None:
    op.execute(
        "INSERT INTO slugs (slug, organization_id, audience) SELECT slug, id, 'PUBLIC' FROM organizations "
        "WHERE audience = 'PUBLIC' AND hidden_since IS NULL"
    )
    _create_lists()
    _fill_lists()
    _fill_sources()
    op.drop_table("provenance")
    op.drop_table("datasets")
    for name in WORD_COLUMNS:
        op.execute(f"ALTER TABLE organizations DROP COLUMN {name}")
    if _is_postgresql():
        op.execute(f"ALTER TABLE organizations ADD {SLUG_REFERENCE}")
    else:
        _rebuild_organizations(lambda definition: definition.rstrip()[:-1] + f", {SLUG_REFERENCE}\n)")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


# ---------------------------------------------------------------- words


def _fill_word_columns() -> None:
    rows = _stream(
        "SELECT organization_key, facet, position, slug AS word FROM terms UNION ALL "
        "SELECT organization_key, 'service_areas', position, region FROM service_areas ORDER BY 1, 2, 3"
    )
    _execute_in_batches(
        "UPDATE organizations SET languages = :languages, issue_areas = :issue_areas, communities = :communities, "
        "work_areas = :work_areas, service_areas = :service_areas WHERE key = :of",
        _join_words(rows),
    )


def _join_words(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield the words of each organization, by column."""
    for key, own_rows in groupby(rows, attrgetter("organization_key")):
        words: dict[str, list[str]] = {name: [] for name in WORD_COLUMNS}
        for row in own_rows:
            words[row.facet].append(row.word)
        yield {"of": key, **{name: " ".join(values) for name, values in words.items()}}


def _fill_lists() -> None:
    insert_term = "INSERT INTO terms (organization_key, facet, position, slug) VALUES (:of, :facet, :position, :word)"
    insert_area = "INSERT INTO service_areas (organization_key, position, region) VALUES (:of, :position, :word)"
    for statement, names in ((insert_term, FACETS), (insert_area, ("service_areas",))):
        rows = _stream("SELECT * FROM organizations ORDER BY key")
        _execute_in_batches(statement, _split_words(rows, names))


def _split_words(rows: Iterable[Any], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for name in names:
            for position, word in enumerate(getattr(row, name).split()):
                yield {"of": row.key, "facet": name, "position": position, "word": word}


# ---------------------------------------------------------------- provenance


def _fill_provenance() -> None:
    ids: dict[tuple[Any, ...], int] = {}  # of datasets
    rows = _stream("SELECT * FROM sources ORDER BY organization_key, position")
    # a list, because the datasets must be inserted first
    groups = list(_group_sources(rows, ids))
    _insert("datasets", ({"id": id_, **dict(zip(DATASET_COLUMNS, dataset, strict=True))} for dataset, id_ in ids.items()))
    _insert("provenance", groups)


def _group_sources(rows: Iterable[Any], ids: dict[tuple[Any, ...], int]) -> Iterator[dict[str, Any]]:
    """Yield a row for each run of sources from one row of a dataset, so that their order stays. Adds datasets to `ids`."""
    get_dataset, get_group = attrgetter(*DATASET_COLUMNS), attrgetter(*GROUP_COLUMNS)
    for key, own_rows in groupby(rows, attrgetter("organization_key")):
        runs = groupby(own_rows, lambda row: (get_dataset(row), get_group(row)))
        for position, ((dataset, group), run) in enumerate(runs):
            yield {
                "organization_key": key,
                "position": position,
                "dataset": ids.setdefault(dataset, len(ids) + 1),
                "fields": " ".join(row.field for row in run),
                **dict(zip(GROUP_COLUMNS, group, strict=True)),
            }


def _fill_sources() -> None:
    rows = _stream(
        "SELECT * FROM provenance JOIN datasets ON datasets.id = provenance.dataset ORDER BY organization_key, position"
    )
    _insert("sources", _ungroup_sources(rows))


def _ungroup_sources(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for key, own_rows in groupby(rows, attrgetter("organization_key")):
        sources = ((field, row) for row in own_rows for field in row.fields.split())
        for position, (field, row) in enumerate(sources):
            shared = {name: getattr(row, name) for name in (*DATASET_COLUMNS, *GROUP_COLUMNS)}
            yield {"organization_key": key, "position": position, "field": field, **shared}


# ---------------------------------------------------------------- tables


def _create_provenance() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("url", "origin", "file")),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
    )
    op.create_index("ix_datasets_title", "datasets", ["title"])
    _create_part_table(
        "provenance",
        sa.Column("row", sa.Integer),
        sa.Column("date", sa.Date),
        *_required_texts("tells", "fields"),
        sa.Column("dataset", sa.Integer, nullable=False),
        sa.CheckConstraint(f"tells IN ({DISCLOSURES})", name=op.f("ck_provenance_tells_known")),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name="fk_provenance_dataset"),
    )
    op.create_index("ix_provenance_dataset", "provenance", ["dataset"])


def _create_lists() -> None:
    facets = ", ".join(f"'{facet}'" for facet in FACETS)
    op.create_table(
        "terms",
        sa.Column("organization_key", sa.Integer, autoincrement=False, nullable=False),
        *_required_texts("facet"),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *_required_texts("slug"),
        sa.CheckConstraint(f"facet IN ({facets})", name=op.f("ck_terms_facet_known")),
        _build_owner_reference("terms"),
        sa.PrimaryKeyConstraint("organization_key", "facet", "position", name="pk_terms"),
        sa.UniqueConstraint("organization_key", "facet", "slug", name="uq_terms_organization_key_facet_slug"),
        sqlite_with_rowid=False,
    )
    unique_region = sa.UniqueConstraint("organization_key", "region", name="uq_service_areas_organization_key_region")
    _create_part_table("service_areas", *_required_texts("region"), unique_region)
    _create_part_table(
        "sources",
        *_required_texts("field", "title"),
        sa.Column("url", sa.Text),
        sa.Column("date", sa.Date),
        *_required_texts("tells"),
        *(sa.Column(name, sa.Text) for name in ("origin", "file")),
        sa.Column("row", sa.Integer),
        sa.CheckConstraint(f"tells IN ({DISCLOSURES})", name=op.f("ck_sources_tells_known")),
    )


def _create_part_table(table: str, *columns: Any) -> None:
    op.create_table(
        table,
        sa.Column("organization_key", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        *columns,
        _build_owner_reference(table),
        sa.PrimaryKeyConstraint("organization_key", "position", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )


def _required_texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _build_owner_reference(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_organization_key"
    return sa.ForeignKeyConstraint(["organization_key"], ["organizations.key"], name=name, ondelete="CASCADE")


# ---------------------------------------------------------------- SQLite cannot add or drop a constraint


def _remove_slug_reference(definition: str) -> str:
    without_defaults = definition.replace(" DEFAULT ''", "")
    changed, count = re.subn(
        r",\s*CONSTRAINT fk_organizations_slug FOREIGN KEY ?\(slug\) REFERENCES [^,)]*\)", "", without_defaults
    )
    assert count == 1, definition  # noqa: S101 - or the migration would do nothing
    return changed


def _rebuild_organizations(edit_definition: Callable[[str], str]) -> None:
    """Replace the table by one with an edited definition.

    Dropping a table deletes the rows that refer to it, even in a transaction. So the tables that refer to it, directly or not,
    are replaced too: by copies that refer to the copy.
    """
    connection = op.get_bind()
    tables = _list_with_referrers("organizations")
    definitions = {name: _load_definitions("table", name)[0] for name in tables}
    indexes = [definition for name in tables for definition in _load_definitions("index", name)]
    definitions["organizations"] = edit_definition(definitions["organizations"])
    for name in tables:
        connection.exec_driver_sql(_rename_tables(definitions[name], tables))
        connection.exec_driver_sql(f"INSERT INTO copy_of_{name} SELECT * FROM {name}")  # noqa: S608 - our own tables
    for name in reversed(tables):
        connection.exec_driver_sql(f"DROP TABLE {name}")
    for name in tables:
        connection.exec_driver_sql(f"ALTER TABLE copy_of_{name} RENAME TO {name}")
    for definition in indexes:
        connection.exec_driver_sql(definition)


def _list_with_referrers(table: str) -> list[str]:
    """Return the table and all that refer to it, each after those that it refers to."""
    connection, tables = op.get_bind(), [table]
    names = sa.inspect(connection).get_table_names()
    for target in tables:  # grows while it is read
        for name in names:
            references = connection.exec_driver_sql(f"PRAGMA foreign_key_list({name})").all()
            if name not in tables and any(reference.table == target for reference in references):
                tables.append(name)
    return tables


def _load_definitions(kind: str, table: str) -> list[str]:
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = :kind AND tbl_name = :of AND sql IS NOT NULL ORDER BY name")
    return list(op.get_bind().execute(query, {"kind": kind, "of": table}).scalars())


def _rename_tables(definition: str, tables: Sequence[str]) -> str:
    names = "|".join(tables)
    return re.sub(rf'\b(CREATE TABLE|REFERENCES) "?({names})"?(?=[\s(])', r"\1 copy_of_\2", definition)


# ---------------------------------------------------------------- rows


def _stream(query: str) -> Iterable[Any]:
    return op.get_bind().execute(sa.text(query), execution_options={"yield_per": BATCH})


def _insert(table: str, rows: Iterable[dict[str, Any]]) -> None:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        op.get_bind().execute(sa.insert(sa.table(table, *(sa.column(name) for name in batch[0]))), batch)


def _execute_in_batches(statement: str, rows: Iterable[dict[str, Any]]) -> None:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        op.get_bind().execute(sa.text(statement), batch)
