"""Families of forms: the ways in which one thing is written, each with what it means on the office's Monday.

Every form is read inside every one of ``TEMPLATES``, with the usual words in the other places.
"""

TEMPLATES = {
    "commas": "报备：{when}，{place}，{name}，{count}，{who}",
    "blanks": "{name} {when} {place} {count} {who}",
    "lines": "活动名称：{name}\n活动时间：{when}\n活动地点：{place}\n预计人数：{count}\n负责人及电话：{who}",
    "one line": "名称：{name}；时间：{when}；地点：{place}；人数：{count}；联系人：{who}",
    "sentence": "我们准备{when}在{place}举办{name}，{count}，{who}",
    "spoken": "{when}在{place}搞{name}{count}{who}",
    "bare lines": "报备\n{when}\n{place}\n{name}\n{count}\n{who}",
}
# More kinds of message, for forms of all families together.
MORE_TEMPLATES = {
    "count last": "报备 {when}，{place}，{name}，{who}，{count}",
    "place first": "{place}，{when}，{name}，{who}，{count}",
    "name first": "{name}，{when}，{place}，{count}，{who}",
    "label and words": "主题：{name}\n{when}，{place}\n人数：{count}\n{who}",
    "brackets": "【活动】{name}【时间】{when}【地点】{place}【人数】{count}【联系】{who}",
    "bars": "{name}|{when}|{place}|{count}|{who}",
}
USUAL = {
    "when": "10月24日上午9点到11点半",
    "place": "莞城文化广场",
    "name": "垃圾分类讲座",
    "count": "预计120人",
    "who": "负责人李敏13800138000",
}
