"""Who reads which text."""

CONTACT = "实施单位经办人"
GROUP = "工作群"
STAFF = "科协工作人员"
FOLLOWER = "公众号粉丝"
ANYBODY = "任何人"
PART = "嵌在其他文字里的"
RECEIVERS = (CONTACT, GROUP, STAFF, FOLLOWER, ANYBODY, PART)

# The usual receiver of the texts of each file, then those that somebody else receives.
_TOPICS = {
    "acknowledgement": CONTACT,
    "attaching": STAFF,
    "batch": CONTACT,
    "binding": CONTACT,
    "board": STAFF,
    "broadcast": STAFF,
    "calendar": CONTACT,
    "chase": CONTACT,
    "deliverable": STAFF,
    "delivery": STAFF,
    "digest": STAFF,
    "export": STAFF,
    "file": ANYBODY,
    "filing": CONTACT,
    "follower": FOLLOWER,
    "form": CONTACT,
    "help": CONTACT,
    "inbox": ANYBODY,
    "location": CONTACT,
    "media": CONTACT,
    "notice": FOLLOWER,
    "objection": FOLLOWER,
    "reminder": CONTACT,
    "report": CONTACT,
    "review": STAFF,
    "sheet": CONTACT,
    "staff": STAFF,
    "template": PART,
}
_NAMES = {
    "attaching.article": FOLLOWER,
    "batch.group": GROUP,
    "batch.assign_how": STAFF,
    "batch.assign_unknown": STAFF,
    "batch.assign_no_unit": STAFF,
    "batch.assign_nobody": STAFF,
    "batch.assigned": STAFF,
    "batch.whose_staff": STAFF,
    "board.in_group": GROUP,
    "broadcast.correction": PART,
    "binding.code": STAFF,
    "binding.code_how": STAFF,
    "binding.code_privately": STAFF,
    "chase.group": GROUP,
    "chase.over": STAFF,
    "deliverable.looking": CONTACT,
    "deliverable.not_asked": CONTACT,
    "deliverable.or_this": PART,
    "deliverable.returned": CONTACT,
    "deliverable.send_it": CONTACT,
    "deliverable.stopped": CONTACT,
    "deliverable.words_how": CONTACT,
    "deliverable.taken": CONTACT,
    "deliverable.which_unit": CONTACT,
    "export.span": PART,
    "filing.changes": PART,
    "filing.doubts": PART,
    "help.follower": FOLLOWER,
    "help.notices": STAFF,
    "help.review": STAFF,
    "notice.page_closed": CONTACT,
    "notice.with_page": CONTACT,
    "objection.closing": STAFF,
    "objection.erased": STAFF,
    "objection.closing_in_group": GROUP,
    "objection.listed": STAFF,
    "objection.over": STAFF,
    "objection.staff": STAFF,
    "objection.which": STAFF,
    "reminder.plans_in_group": GROUP,
    "report.changed": PART,
    "report.doubt": PART,
    "report.doubtful": STAFF,
    "review.flags": PART,
    "sheet.cannot_send": CONTACT,
    "template.shown": STAFF,
}
_BEGINNINGS = {
    "batch.staff": STAFF, "binding.staff": STAFF, "filing.staff": STAFF, "form.sent_": GROUP, "form.privately": GROUP,
    "help.staff": STAFF, "media.refused_": PART, "media.staff": STAFF, "report.staff": STAFF, "review.unit_": CONTACT,
    "sheet.staff": STAFF, "sheet.template_in_group": GROUP,
}  # fmt: skip
# Pieces of a longer text, names of files, and what stands beside an input.
_PARTS = {
    "batch": ("doubt", "done", "gaps", "late", "next", "no_project", "no_unit", "not_understood", "stranger", "whose"),
    "calendar": ("name",),
    "export": ("name",),
    "form": ("fault_", "filed", "gaps", "heading", "look_again", "missing", "next", "timing"),
    "sheet": ("fault", "filed", "hidden", "kept", "missing", "name", "nothing_kept", "returned_name", "unfinished"),
}


def receiver_of(name: str) -> str:
    """Who receives a text; raises `KeyError` for a file that nobody was named for."""
    if name in _NAMES:
        return _NAMES[name]
    topic, _, block = name.partition(".")
    if any(block == part or (part.endswith("_") and block.startswith(part)) for part in _PARTS.get(topic, ())):
        return PART
    beginnings = [receiver for beginning, receiver in _BEGINNINGS.items() if name.startswith(beginning)]
    return beginnings[0] if beginnings else _TOPICS[topic]
