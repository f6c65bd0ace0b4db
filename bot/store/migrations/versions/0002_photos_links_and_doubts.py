"""Photos and files, links without a login, doubts for staff; amendments of a filing"""

import sqlalchemy as sa
from alembic import op

import bot.model.base

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shown_sha256", sa.String(length=64), nullable=False),
        sa.Column("thumb_sha256", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", bot.model.base.Instant(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("created_at", bot.model.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_attachment_account_id")),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_attachment_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint(
            "channel", "message_id", "position", name=op.f("uq_attachment_channel_message_id_position")
        ),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_attachment_filing_id_purpose", ["filing_id", "purpose"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_sha256"), ["sha256"], unique=False)
        batch_op.create_index("ix_attachment_state_created_at", ["state", "created_at"], unique=False)

    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", bot.model.base.Instant(), nullable=False),
        sa.Column("settled_at", bot.model.base.Instant(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_flag_filing_id")),
        sa.ForeignKeyConstraint(["other_id"], ["filing.id"], name=op.f("fk_flag_other_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_flag_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("filing_id", "kind", "key", name=op.f("uq_flag_filing_id_kind_key")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_other_id"), ["other_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("filing_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("expires_at", bot.model.base.Instant(), nullable=True),
        sa.Column("used_at", bot.model.base.Instant(), nullable=True),
        sa.Column("created_at", bot.model.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_link_account_id")),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_link_filing_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_link_secret_hash")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("pending", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("origin", sa.String(length=20), nullable=False, server_default="chat"))

    with op.batch_alter_table("filing_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(length=160), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_filing_version_account_id"), "account", ["account_id"], ["id"])
