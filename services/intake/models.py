"""The tables of intake. What is personal is sealed; columns in the clear hold codes, times and states only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import schema_metadata
from shared.identity.tables import identity_tables
from shared.migrations import Schema

NAME: Final = "intake"

SCHEMA = Schema(NAME, Path(__file__).parent / "migrations")

LIVE_CHANNEL: Final = "heedline_intake"
"""PostgreSQL notifies this channel, without a payload, when the state of a report changes."""

metadata = schema_metadata(NAME)

MOMENT = DateTime(timezone=True)

reports = Table(
    "reports",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("case_code", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    # The report as JSON, sealed; bound to `intake.reports:<report_id>`.
    Column("document", LargeBinary, nullable=False),
    # Keyed hashes: of the sender's own id with the sender, of the content as sent, of the receipt.
    Column("external_digest", LargeBinary),
    Column("content_digest", LargeBinary),
    Column("receipt_digest", LargeBinary),
    Column("channel", Text, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("arrived_at", MOMENT, nullable=False),
    Column("incident_unit_code", Integer),
    Column("residence_unit_code", Integer),
    Column("current_unit_code", Integer),
    Column("submitted_by", Uuid),
    Column("written_by", Uuid),
    Column("written_at", MOMENT, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("warnings", JSONB, nullable=False),
    # A child at home of an adult victim: the adult's report, whose case and alert it shares.
    Column("derived_from", Uuid, ForeignKey("intake.reports.report_id")),
    # Real time of the database, whatever clock the product runs on.
    Column("stored_at", MOMENT, nullable=False, server_default=text("now()")),
    Column("republish_at", MOMENT),
    Column("publish_attempts", Integer, nullable=False, server_default=text("1")),
    # From the newest assessment.
    Column("assessed_sequence", Integer),
    Column("assessed_at", MOMENT),
    Column("level", Text),
    Column("assessment", JSONB),
    # From the newest change of the alert.
    Column("alert_sequence", Integer),
    Column("alert_state", Text),
    Column("alert_step", Integer),
    Column("alert_paged", Integer),
    Column("acknowledged_by", Uuid),
    Column("acknowledged_at", MOMENT),
    CheckConstraint("revision >= 1", name="revision_from_1"),
    CheckConstraint("channel IN ('hotline', 'web', 'partner', 'walk_in', 'sms')", name="channel"),
    CheckConstraint("level IN ('ROUTINE', 'PRIORITY', 'URGENT', 'IMMEDIATE')", name="level"),
    CheckConstraint("alert_state IN ('open', 'acknowledged', 'closed')", name="alert_state"),
    CheckConstraint("(level IS NULL) = (assessed_sequence IS NULL)", name="assessed_whole"),
    CheckConstraint("(alert_state IS NULL) = (alert_sequence IS NULL)", name="alert_whole"),
    CheckConstraint("derived_from IS NULL OR republish_at IS NULL", name="derived_is_not_told"),
)
"""One row a report, never deleted: its code is never given again. `acknowledged_by` is a person's id."""

Index("ux_reports_case_code", reports.c.case_code, unique=True, postgresql_where=reports.c.derived_from.is_(None))
Index(
    "ux_reports_external_digest",
    reports.c.external_digest,
    unique=True,
    postgresql_where=reports.c.external_digest.isnot(None),
)
Index(
    "ux_reports_receipt_digest",
    reports.c.receipt_digest,
    unique=True,
    postgresql_where=reports.c.receipt_digest.isnot(None),
)
Index("ix_reports_derived_from", reports.c.derived_from, postgresql_where=reports.c.derived_from.isnot(None))
Index("ix_reports_republish_at", reports.c.republish_at, postgresql_where=reports.c.republish_at.isnot(None))
Index("ix_reports_submitted_by", reports.c.submitted_by, reports.c.arrived_at.desc())
Index("ix_reports_arrived_at", reports.c.arrived_at.desc())

revisions = Table(
    "revisions",
    metadata,
    Column("report_id", Uuid, ForeignKey("intake.reports.report_id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("document", LargeBinary, nullable=False),
    Column("content_digest", LargeBinary),
    Column("written_by", Uuid),
    Column("written_at", MOMENT, nullable=False),
)
"""What a report said before it was corrected, sealed as the report is; who wrote that and when."""

requests = Table(
    "requests",
    metadata,
    # A keyed hash of the sender and the sender's Idempotency-Key.
    Column("request_digest", LargeBinary, primary_key=True),
    Column("content_digest", LargeBinary, nullable=False),
    Column("report_id", Uuid, nullable=False),
    Column("arrived_at", MOMENT, nullable=False),
)
"""Requests that were answered, so that the same request again gets the same answer."""

reads = Table(
    "reads",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("read_at", MOMENT, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Index(None, "report_id"),
)
"""Who asked for what a report says, for ever; the database refuses to change a row."""

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    # The submitted document as JSON, sealed; bound to `intake.dead_letters:<event_id>`.
    Column("document", LargeBinary, nullable=False),
    # Names of the wrong fields and why, without what they held.
    Column("reasons", JSONB, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("arrived_at", MOMENT, nullable=False),
    Column("settled_at", MOMENT),
    Index("ix_dead_letters_waiting", "arrived_at", postgresql_where=text("settled_at IS NULL")),
)
"""Submitted reports that cannot be read as one: kept for a person to look at; `settled_at` null while they wait."""

letter_acts = Table(
    "letter_acts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    CheckConstraint("act IN ('opened', 'entered', 'replayed', 'discarded')", name="act"),
    CheckConstraint("act IN ('opened', 'replayed') OR note <> ''", name="note"),
    Index(None, "event_id"),
)
"""Who did what with a submitted report that could not be read, for ever; `note` is the case code it was entered
under, or why it was discarded. The database refuses to change a row."""

match_keys = Table(
    "match_keys",
    metadata,
    Column("report_id", Uuid, ForeignKey("intake.reports.report_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    # A keyed hash of a phone number, of a folded name with a commune, or of a folded address with a commune.
    Column("digest", LargeBinary, primary_key=True),
    Column("received_at", MOMENT, nullable=False),
    CheckConstraint("kind IN ('phone', 'full_name', 'short_name', 'given_name', 'address')", name="kind"),
)
"""By what a report is found again in another; reports of children at home have none."""

Index("ix_match_keys_digest", match_keys.c.digest, match_keys.c.received_at.desc())

search_keys = Table(
    "search_keys",
    metadata,
    Column("report_id", Uuid, ForeignKey("intake.reports.report_id"), primary_key=True),
    # People of the report from 1; 0 for the report itself.
    Column("person", SmallInteger, primary_key=True, autoincrement=False),
    # Keyed hashes: of each folded syllable of a person's names and of the whole; of the report, its phone numbers.
    Column("digests", ARRAY(LargeBinary), nullable=False),
    Index(None, "digests", postgresql_using="gin"),
)
"""By what people find a report. Of a hash it shows how frequent it is; children at home are found by the adult's."""

unsearchable = Table(
    "unsearchable",
    metadata,
    Column("report_id", Uuid, ForeignKey("intake.reports.report_id"), primary_key=True),
)
"""Reports from before there was a search: a job opens each once and keeps by what it is found."""

searches = Table(
    "searches",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("found", Integer, nullable=False),
    # A keyed hash of what was searched for: the same search is known again, what it was is not.
    Column("digest", LargeBinary, nullable=False),
    Index(None, "person_id", "at"),
)
"""Who searched by what and how much was found, for ever; the database refuses to change a row."""

links = Table(
    "links",
    metadata,
    # The lesser id first, so that a pair has one row.
    Column("report_a", Uuid, ForeignKey("intake.reports.report_id"), primary_key=True),
    Column("report_b", Uuid, ForeignKey("intake.reports.report_id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("score", Integer, nullable=False),
    Column("suggested_at", MOMENT, nullable=False),
    Column("decided_by", Uuid),
    Column("decided_at", MOMENT),
    # What the person wrote, sealed; bound to `intake.links:<report_a>:<report_b>`.
    Column("note", LargeBinary),
    CheckConstraint("report_a < report_b", name="in_order"),
    CheckConstraint("state IN ('suggested', 'confirmed', 'rejected')", name="state"),
    CheckConstraint("(state = 'suggested') = (decided_at IS NULL)", name="decided"),
)
"""Pairs of reports that may tell of the same child, and what a person decided about them."""

Index("ix_links_report_b", links.c.report_b)

public_tries = Table(
    "public_tries",
    metadata,
    # A keyed hash of an address and of what was tried from it.
    Column("subject", LargeBinary, primary_key=True),
    Column("tries", Integer, nullable=False),
    # Real time, whatever clock the product runs on.
    Column("counted_until", MOMENT, nullable=False),
    Index(None, "counted_until"),
)
"""What was done on the public pages from one address within a while; forgotten after it."""

attachments = Table(
    "attachments",
    metadata,
    Column("attachment_id", Uuid, primary_key=True),
    Column("report_id", Uuid, ForeignKey("intake.reports.report_id"), nullable=False),
    # What its bytes say that it is (`rules.file_kind`), and its length as it is kept.
    Column("media_type", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("chunks", SmallInteger, nullable=False),
    # The file's name, sealed; bound to `intake.attachments:<report_id>:<attachment_id>:name`.
    Column("name", LargeBinary, nullable=False),
    # A keyed hash of the file as it was sent.
    Column("content_digest", LargeBinary, nullable=False),
    Column("source", Text, nullable=False),
    Column("added_by", Uuid),
    Column("added_at", MOMENT, nullable=False),
    CheckConstraint("bytes > 0 AND chunks > 0", name="not_empty"),
    CheckConstraint("source IN ('console', 'partner', 'reporter')", name="source"),
)
"""Files that belong to a report; the same file comes once."""

Index("ux_attachments_content", attachments.c.report_id, attachments.c.content_digest, unique=True)

attachment_chunks = Table(
    "attachment_chunks",
    metadata,
    Column("attachment_id", Uuid, ForeignKey("intake.attachments.attachment_id"), primary_key=True),
    # From 0.
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    # Bound to `intake.attachments:<report_id>:<attachment_id>:<number>/<chunks>`.
    Column("sealed", LargeBinary, nullable=False),
)
"""What a file holds, in parts that are sealed each."""

IDENTITY = identity_tables(metadata)
"""The read copy of people and API keys."""

colleagues = Table(
    "colleagues",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("team_codes", ARRAY(Text), nullable=False),
)
"""Who works in which teams, as notify last told."""

colleague_marks = Table(
    "colleague_marks",
    metadata,
    Column("person_id", Uuid, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("institution_of", ARRAY(Text), nullable=False),
    PrimaryKeyConstraint("person_id", "digest"),
    Index(None, "digest"),
)
"""Keyed hashes (`shared.marks`) of a colleague's names, phones and institutions; of an institution, whose teams'."""

alleged = Table(
    "alleged",
    metadata,
    Column("report_id", Uuid, ForeignKey("intake.reports.report_id"), primary_key=True),
    Column("digests", ARRAY(LargeBinary), nullable=False),
    Column("look_again", Boolean, nullable=False, server_default=text("false")),
    Index(None, "digests", postgresql_using="gin"),
    Index("ix_alleged_look_again", "report_id", postgresql_where=text("look_again")),
)
"""The same hashes of whatever a report says of whoever it alleges; `look_again` once a colleague bears one anew."""

conflicts = Table(
    "conflicts",
    metadata,
    Column("report_id", Uuid, ForeignKey("intake.reports.report_id"), nullable=False),
    # A person's id, or the id of a team (`shared.contracts.teams.team_id`).
    Column("subject_id", Uuid, nullable=False),
    Column("of_team", Boolean, nullable=False),
    Column("team_codes", ARRAY(Text), nullable=False),
    Column("why", Text, nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("with_teams", Boolean, nullable=False),
    Column("found_at", MOMENT, nullable=False),
    # A supervisor's decision: whether it is the alleged person, or institution.
    Column("same", Boolean),
    Column("decided_by", Uuid),
    Column("decided_at", MOMENT),
    PrimaryKeyConstraint("report_id", "subject_id"),
    CheckConstraint(
        "(same IS NULL) = (decided_by IS NULL) AND (same IS NULL) = (decided_at IS NULL)", name="decided_whole"
    ),
)
"""Colleagues and teams that a report alleges, or may. Each keeps its subject out until `same` is false."""

Index("ix_conflicts_found_at", conflicts.c.found_at.desc())

contacts = Table(
    "contacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("operator", Uuid, nullable=False),
    CheckConstraint("kind IN ('silent', 'wrong_number', 'prank', 'thanks', 'question')", name="kind"),
    Index(None, "at"),
)
"""Calls that are no report (`rules.contact`): of what kind, when, and who answered. Nothing of who called or said what."""
