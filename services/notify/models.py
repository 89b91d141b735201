"""The tables of notify: who is on duty, alerts, pages, messages and what became of them. All moments in UTC."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.notify.account_tables import account_tables
from services.notify.contact_tables import contact_tables
from services.notify.duty_tables import duty_tables
from services.notify.people_tables import people_tables
from services.notify.template_tables import template_tables
from shared.database import schema_metadata
from shared.identity.tables import identity_tables
from shared.migrations import Schema

SCHEMA = Schema("notify", Path(__file__).parent / "migrations")

metadata = schema_metadata("notify")

IDENTITY = identity_tables(metadata)
ACCOUNTS = account_tables(metadata)
CONTACTS = contact_tables(metadata)
TEMPLATES = template_tables(metadata)
PLANS = duty_tables(metadata)
PEOPLE = people_tables(metadata)

_MOMENT = DateTime(timezone=True)
_NOW = func.now()

teams = Table(
    "teams",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_vi", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("unit_code", Integer),
    Column("duty_phone", Text, nullable=False),
    Column("institutions", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    CheckConstraint("duty_phone ~ '^[0-9+ ]{3,11}$'", name="duty_phone"),
)
"""Teams by code; `unit_code` null for a team of the province.

`duty_phone` as it stands in messages: a longer one, or one with odd characters, would not fit their one segment.
`institutions` are names, beside the team's own, of what its people work for: a school, a health station.
"""

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("team_code", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="vi"),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("sequence", BigInteger, nullable=False, server_default=text("1")),
    Column("told", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("position IN ('worker', 'head')", name="position"),
    Index("ix_people_untold", "id", postgresql_where=text("told < sequence")),
)
"""Colleagues; `contacts` says where they are reached. `language` is `vi` or `en`.

`sequence` grows, by a trigger, with every change that the other services must hear of; `told` is what they heard last.
"""

duty = Table(
    "duty",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("team_code", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("starts_at", _MOMENT, nullable=False),
    Column("ends_at", _MOMENT),
    Column("source", Text, nullable=False, server_default="shift"),
    Index(None, "team_code", "position"),
    Index(None, "starts_at"),
    Index("uq_duty_open", "team_code", "position", "person_id", unique=True, postgresql_where=text("ends_at IS NULL")),
)
"""Who is on duty for a team and position, from when until when; open-ended when `ends_at` is null.

What is past is a fact and stays; what is to come is filled in from the plans (`PLANS`), and `source` says from which.
"""

alerts = Table(
    "alerts",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("case_code", Text, nullable=False),
    Column("case_sequence", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("unit_code", Integer),
    Column("led_by", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("support", ARRAY(Text), nullable=False),
    Column("told_at_once", ARRAY(Text), nullable=False),
    Column("received_at", _MOMENT, nullable=False),
    Column("acknowledge_by", _MOMENT, nullable=False),
    Column("contact_by", _MOMENT),
    Column("visit_by", _MOMENT),
    Column("form02_by", _MOMENT),
    Column("legal_by", _MOMENT),
    Column("excluded_people", ARRAY(Uuid), nullable=False),
    Column("excluded_teams", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("locate", Boolean, nullable=False, server_default=text("false")),
    Column("state", Text, nullable=False),
    Column("plan", Integer, nullable=False, server_default="1"),
    Column("step", Integer, nullable=False),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("next_step_at", _MOMENT),
    Column("sequence", BigInteger, nullable=False, server_default="1"),
    Column("opened_at", _MOMENT, nullable=False),
    Column("acknowledged_by", Uuid),
    Column("acknowledged_at", _MOMENT),
    Column("closed_by", Uuid),
    Column("closed_at", _MOMENT),
    Column("contact_at", _MOMENT),
    Column("reminded_at", _MOMENT),
    Column("alarm_at", _MOMENT),
    Column("alarm_silenced_by", Uuid),
    Column("submitted_by", Uuid),
    Column("correlation_id", Text, nullable=False),
    Column("held_by", Uuid),
    Column("offered_to", Text),
    Column("seen_at", _MOMENT),
    Column("seen_reminded_at", _MOMENT),
    Column("form02_at", _MOMENT),
    Column("form02_reminded_at", _MOMENT),
    Column("policy", JSONB(none_as_null=True)),
    Column("must_all", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("case_code"),
    CheckConstraint("state IN ('open', 'acknowledged', 'closed')", name="state"),
    CheckConstraint("(state = 'open') = (next_step_at IS NOT NULL)", name="open_has_a_next_step"),
    Index("ix_alerts_due", "next_step_at", postgresql_where=text("state = 'open'")),
    Index(
        "ix_alerts_seen_due",
        "visit_by",
        postgresql_where=text("state = 'acknowledged' AND seen_at IS NULL AND seen_reminded_at IS NULL"),
    ),
    Index(
        "ix_alerts_form02_due",
        "form02_by",
        postgresql_where=text("state = 'acknowledged' AND form02_at IS NULL AND form02_reminded_at IS NULL"),
    ),
    Index(
        "ix_alerts_contact_due",
        "contact_by",
        postgresql_where=text("state = 'acknowledged' AND contact_at IS NULL AND reminded_at IS NULL"),
    ),
    Index("ix_alerts_not_closed", "opened_at", postgresql_where=text("state <> 'closed'")),
)
"""One row a case that pages. An open one always has a moment for its next step: none ends without a human.

`excluded_teams` are codes; `locate`: the place of the incident has to be found.
`policy` is the plan that it follows, as `rules/policy.py` writes it, null for the built-in one; `must_all`: everybody of
the current step has to acknowledge. `plan` counts restarts at a graver policy, `step` the step of the plan from 1, `round` the repeats of the last step.
"""

pages = Table(
    "pages",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("plan", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("team_code", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("declined_at", _MOMENT),
    Column("unreachable_at", _MOMENT),
    Column("acknowledged_at", _MOMENT),
    UniqueConstraint("report_id", "plan", "step", "round", "person_id"),
    Index(None, "person_id"),
)
"""A person asked to take a case in a step; the key lets nobody be asked twice in one."""

policies = Table(
    "policies",
    metadata,
    Column("version", Integer, Identity(), primary_key=True),
    Column("team", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("document", JSONB(none_as_null=True)),
    Column("note", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Uuid, nullable=False),
    Column("proposed_at", _MOMENT, nullable=False),
    Column("decided_by", Uuid),
    Column("decided_at", _MOMENT),
    Column("ended_at", _MOMENT),
    CheckConstraint("state IN ('proposed', 'refused', 'active', 'ended')", name="state"),
    CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
    CheckConstraint("decided_by IS NULL OR state = 'refused' OR decided_by <> proposed_by", name="two_people"),
    Index("uq_policies_active", "team", "level", unique=True, postgresql_where=text("state = 'active'")),
)
"""Escalation policies by version: proposed by one person, decided by another; what was said never changes.

`document` as `rules/policy.py` writes it; null goes back to the built-in plan. One is in force for a team and level.
"""

messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid),
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("plan", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("doubtful", Boolean, nullable=False, server_default=text("false")),
    Column("look_ups", Integer, nullable=False, server_default=text("0")),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_at", _MOMENT),
    Column("sid", Text),
    Column("error_code", Integer),
    Column("possible_duplicate", Boolean, nullable=False, server_default=text("false")),
    Column("bundle_id", Uuid),
    Column("held_until", _MOMENT),
    Column("held_by", Text),
    Column("channel", Text, nullable=False, server_default=text("'sms'")),
    Column("gateway", Text),
    Column("result", Text),
    Column("accepted_at", _MOMENT),
    Column("missed_at", _MOMENT),
    Column("created_at", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    CheckConstraint(
        "state IN ('queued', 'sending', 'accepted', 'sent', 'delivered', 'undelivered', 'failed', 'cancelled')",
        name="state",
    ),
    Index(None, "report_id"),
    Index(None, "sid"),
    Index("ix_messages_recent", "created_at", postgresql_using="brin"),
    Index(None, "person_id", "claimed_at"),
    Index("ix_messages_waiting", "person_id", postgresql_where=text("state = 'queued' AND held_until IS NOT NULL")),
    Index("ix_messages_bundle_id", "bundle_id", postgresql_where=text("bundle_id IS NOT NULL")),
    Index(
        "uq_messages_page",
        "report_id",
        "plan",
        "step",
        "round",
        "person_id",
        "channel",
        unique=True,
        postgresql_where=text("kind = 'page'"),
    ),
    Index(
        "ix_messages_silent",
        "accepted_at",
        postgresql_where=text("kind = 'page' AND state IN ('accepted', 'sent') AND missed_at IS NULL"),
    ),
)
"""A message to send and what became of it; nobody gets two by one channel for one step, whoever asks. Some belong to no alert.

`phone` is the address on its `channel`; `gateway` the one that was asked last, and `sid` its id for the message.
`result` says how a call ended. `accepted_at`: when the gateway took it; `missed_at`: when its silence was taken as
not delivered.

`doubtful`: an attempt ended without an answer, so look before sending again. `look_ups` counts the times since then
that the gateway could not say. `possible_duplicate`: it was sent again without knowing.

`bundle_id` is the message whose SMS carries this one too. `held_until`: this page, or notice, below IMMEDIATE waits
because its person, or the sender (`held_by`), has had as many as may be sent.

`claimed_at` and `held_until` are real time, everything else the service's clock.
"""

replies = Table(
    "replies",
    metadata,
    Column("sid", Text, primary_key=True),
    Column("gateway", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("person_id", Uuid),
    Column("report_id", Uuid),
    Column("outcome", Text, nullable=False),
    Column("answer", Text),
    Column("at", _MOMENT, nullable=False),
    Index(None, "phone", "at"),
)
"""An SMS that came in, by the provider's id, so that a repeated callback changes nothing. Its text is not kept."""

timeline = Table(
    "timeline",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("what", Text, nullable=False),
    Column("person_id", Uuid),
    Column("detail", JSONB, nullable=False),
    Index(None, "report_id", "id"),
)
"""What happened to an alert, in order; `detail` holds codes and numbers, and a note of an action."""
