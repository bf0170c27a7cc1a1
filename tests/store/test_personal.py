"""Every table has been decided on: where a person's rows are in it, or why there are none."""

from lrs_bridge.store.erasing.references import REFERENCES
from lrs_bridge.store.personal import TABLES, About
from lrs_bridge.store.tables import Base

#: What columns that name people are called. They are hit by erasing: they belong to the learner, or point to a ghost.
NAMES_OF_PEOPLE = ("by", "author", "_by", "manager_id", "partner_id", "provider_id", "rescuer", "recipient_id")
#: These go with the person: messages to somebody who is not there, and the audit, which is renamed entry by entry.
OTHERWISE = {"outbox.recipient_id", "audit.by"}
#: By which rules, by which authority, by which day.
OTHER_MEANING = {"evidence.by", "activity.mandated_by", "contract_support.needed_by"}


def test_every_table_is_listed() -> None:
    assert set(TABLES) == set(Base.metadata.tables)


def test_a_table_is_listed_under_its_own_name() -> None:
    assert [
        (name, kept) for name, kept in TABLES.items() if isinstance(kept, About) and kept.row.__tablename__ != name
    ] == []


def test_whatever_belongs_to_a_learner_is_personal() -> None:
    owned = {name for name, table in Base.metadata.tables.items() if "learner_id" in table.columns}

    assert {name for name in owned if not isinstance(TABLES[name], About)} == set()


def test_every_column_that_names_a_person_points_to_the_ghost_afterwards() -> None:
    naming = {
        f"{name}.{column.name}"
        for name, table in Base.metadata.tables.items()
        for column in table.columns
        if column.name.endswith(NAMES_OF_PEOPLE)
    }
    pointed = {f"{column.class_.__tablename__}.{column.key}" for column in REFERENCES}

    assert naming - pointed - OTHERWISE - OTHER_MEANING == set()
