"""Notices in full: versions, reviews, targets, what units hand in; quotas, consents, the installation"""

import sqlalchemy as sa
from alembic import op

import bot.model.base

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("held_at", bot.model.base.Instant(), nullable=True),
        sa.Column("held_why", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "consent",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.String(length=80), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id")),
        sa.PrimaryKeyConstraint("account_id", "template_id", name=op.f("pk_consent")),
    )
    op.create_table(
        "job_receipt",
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("platform_id", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=100), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("method", "platform_id", name=op.f("pk_job_receipt")),
    )
    op.create_table(
        "platform_quota",
        sa.Column("path", sa.String(length=60), nullable=False),
        sa.Column("daily_limit", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("refused", sa.String(length=200), nullable=False),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_platform_quota")),
    )
    op.create_table(
        "follower_tag",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_follower_tag_account_id")),
        sa.PrimaryKeyConstraint("account_id", "tag", name=op.f("pk_follower_tag")),
    )
    with op.batch_alter_table("follower_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follower_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "upload",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_upload")),
    )
    op.create_table(
        "notice_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_review_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_review_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_review")),
        sa.UniqueConstraint("notice_id", "version", "step", name=op.f("uq_notice_review_notice_id_version_step")),
    )
    op.create_table(
        "notice_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_version_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_version_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_version")),
        sa.UniqueConstraint("notice_id", "version", name=op.f("uq_notice_version_notice_id_version")),
    )
    op.create_table(
        "deliverable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("returned_why", sa.Text(), nullable=False),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_deliverable_attachment_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_deliverable_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deliverable_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_deliverable_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable")),
    )
    with op.batch_alter_table("deliverable", schema=None) as batch_op:
        batch_op.create_index("ix_deliverable_notice_id_unit_id", ["notice_id", "unit_id"], unique=False)

    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("at", bot.model.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_objection_account_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_objection_notice_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_objection_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_notice_id"), ["notice_id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mass_month", sa.String(length=7), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("mass_count", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", bot.model.base.Instant(), nullable=True))
        batch_op.add_column(sa.Column("delivered_at", bot.model.base.Instant(), nullable=True))

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("deliverable", sa.String(length=100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("targets", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("files", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("cover_sha256", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("send_until", bot.model.base.Instant(), nullable=True))
        batch_op.add_column(sa.Column("paused_why", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("resumed_at", bot.model.base.Instant(), nullable=True))
        batch_op.create_index("ix_notice_number", ["number"], unique=True)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_by", sa.String(length=36), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("leased_until", bot.model.base.Instant(), nullable=True))
        batch_op.add_column(sa.Column("follows", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("refused_method", sa.String(length=20), nullable=False, server_default=""))
        batch_op.drop_index("ix_delivery_state_lane_not_before")
        batch_op.drop_index("ix_delivery_pace_key_sent_at")
        batch_op.create_index("ix_delivery_state_lane_urgent_not_before", ["state", "lane", "urgent", "not_before"])
        batch_op.create_index("ix_delivery_pace_key_claimed_at", ["pace_key", "claimed_at"])
        batch_op.create_index("ix_delivery_channel_claimed_at", ["channel", "claimed_at"])
        batch_op.create_index("ix_delivery_follows", ["follows"])
        batch_op.create_index("ix_delivery_platform_id", ["platform_id"])
        batch_op.create_index("ix_delivery_recipient", ["recipient"])

    # Not through a batch: SQLite would build the table anew, and drop the old one with everything that points to it.
    for column, table in (("in_charge_id", "person"), ("corrects_id", "notice")):
        op.execute(
            f"ALTER TABLE notice ADD COLUMN {column} INTEGER CONSTRAINT fk_notice_{column} REFERENCES {table} (id)"
        )
    op.execute(
        "ALTER TABLE attachment ADD COLUMN notice_id INTEGER CONSTRAINT fk_attachment_notice_id REFERENCES notice (id)"
    )
    op.execute("ALTER TABLE link ADD COLUMN notice_id INTEGER CONSTRAINT fk_link_notice_id REFERENCES notice (id)")
    op.execute("UPDATE notice SET kind = '监督管理要求' WHERE kind = '监督要求'")
