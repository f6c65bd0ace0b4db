"""The tables, a file per aggregate. Importing this package registers every table on `Base.metadata`."""

from bot.model.acknowledgement import Acknowledgement, Deliverable
from bot.model.attachment import Attachment, AttachmentState
from bot.model.audit import AuditEntry, AuditHead
from bot.model.base import Base
from bot.model.conversation import Conversation, InboxMessage
from bot.model.delivery import Delivery, DeliveryState
from bot.model.filing import Filing, FilingState, FilingTransition, FilingVersion, Report
from bot.model.flag import Flag
from bot.model.follower import Consent, FollowerTag
from bot.model.installation import Installation
from bot.model.link import Link
from bot.model.notice import OUT, Notice, NoticeKind, NoticeReview, NoticeState, NoticeVersion
from bot.model.objection import Objection
from bot.model.people import Account, InviteCode, Membership, Person, Role, Staff, Unit, WrongCode
from bot.model.platform import JobReceipt, PlatformQuota
from bot.model.programme import Activity, Programme, Project
from bot.model.schedule import ScheduleRun
from bot.model.upload import Upload

__all__ = [
    "OUT",
    "Account",
    "Acknowledgement",
    "Activity",
    "Attachment",
    "AttachmentState",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Consent",
    "Conversation",
    "Deliverable",
    "Delivery",
    "DeliveryState",
    "Filing",
    "FilingState",
    "FilingTransition",
    "FilingVersion",
    "Flag",
    "FollowerTag",
    "InboxMessage",
    "Installation",
    "InviteCode",
    "JobReceipt",
    "Link",
    "Membership",
    "Notice",
    "NoticeKind",
    "NoticeReview",
    "NoticeState",
    "NoticeVersion",
    "Objection",
    "Person",
    "PlatformQuota",
    "Programme",
    "Project",
    "Report",
    "Role",
    "ScheduleRun",
    "Staff",
    "Unit",
    "Upload",
    "WrongCode",
]
