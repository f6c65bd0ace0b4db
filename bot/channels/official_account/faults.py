"""The platform's error codes as the bot's errors: what may be repeated, what is in doubt, what is to be done."""

import re
from datetime import datetime, timedelta

from bot.errors import PlatformError

BAD_TOKEN = (40001, 40014, 42001)
BUSY = -1
NO_MENU = 46003
ALREADY_SENT = 45065  # the same clientmsgid: the answer names the first send
TOO_MANY_CALLS = (45009, 45011)
NOT_ALLOWED_FROM_HERE = 40164
MINUTE = 60.0

# The recipient cannot be had by this way.
UNREACHABLE = {
    40003: "对方的账号无效",
    43004: "对方没有关注公众号",
    43101: "对方没有订阅这类消息",
    45015: "对方超过 48 小时没有与公众号互动，不能发客服消息",
    45047: "给对方发的客服消息已到上限，要等对方再次发言",
}
ADVICE = {
    40002: "取访问令牌的方式不对，请升级本程序",
    40007: "上传过的图片或草稿在公众平台上找不到了，请重发",
    40013: "AppID 不正确，请核对「official_account.app_id」",
    40037: "模板编号无效，请核对「official_account.template_id」",
    40125: "AppSecret 不正确，请核对「official_account.app_secret」",
    40130: "群发至少要有两个人",
    41002: "缺少 AppID，请核对「official_account.app_id」",
    41004: "缺少 AppSecret，请核对「official_account.app_secret」",
    45002: "正文超过平台的长度，请改短后更正重发",
    45003: "标题超过平台的长度，请改短后更正重发",
    45004: "摘要超过平台的长度，请改短正文开头后更正重发",
    45028: "本期群发次数已用完",
    45110: "作者名称超过平台的长度，请升级本程序",
    45166: "图文里有平台不接受的内容（如外部链接、图片），请去掉后更正重发",
    53402: "平台裁不出封面，请换一张图片作封面后更正重发",
    47003: "模板消息的内容与模板不符，请核对「official_account.template_id」",
    48001: "公众号没有这个接口的权限，需要认证的服务号，或在公众平台重新获取权限",
    48004: "这个接口被平台封禁，请到公众平台查看通知",
    50002: "公众号被限制使用，请到公众平台查看通知",
    89503: "此次调用要管理员确认，请留意管理员微信",
    89506: "24 小时内管理员两次拒绝了本机地址，请 24 小时后再试",
    89507: "1 小时内管理员拒绝了本机地址，请 1 小时后再试",
}

_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_IPV6 = re.compile(r"(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])", re.IGNORECASE)


def refusal(code: int, message: str, now: datetime) -> PlatformError:
    """The error for an answer with ``errcode``. Of the platform's ``message`` only an address is taken."""
    if code in UNREACHABLE:
        return PlatformError(UNREACHABLE[code], code=code, unreachable=True)
    if code == NOT_ALLOWED_FROM_HERE:
        return PlatformError(_address_not_listed(message), code=code)
    if code == BUSY:
        return PlatformError("公众平台繁忙，稍后再试", code=code, retry=True)
    if code in BAD_TOKEN:
        return PlatformError("访问令牌失效，稍后再试", code=code, retry=True)
    if code in TOO_MANY_CALLS:
        if code != 45009 or "minute" in message:
            return PlatformError("公众平台接口调用过于频繁，一分钟后再试", code=code, retry=True, after=MINUTE)
        after = _seconds_to_midnight(now)
        return PlatformError("公众平台接口今天的调用次数已用完，明天零点后再试", code=code, retry=True, after=after)
    return PlatformError(ADVICE.get(code, f"公众平台拒绝了请求（错误码 {code}）"), code=code)


def _address_not_listed(message: str) -> str:
    found = _IPV4.search(message) or _IPV6.search(message)
    address = f"本机地址 {found[0]}" if found else "本机地址"
    return (
        f"{address} 不在公众号的 IP 白名单里，请到微信开发者平台「我的业务 → 公众号或服务号 → 基础信息 → 开发密钥」添加"
    )


def _seconds_to_midnight(now: datetime) -> float:
    """The platform counts its days by China's clock, as ``now`` does; a minute more for clocks that differ."""
    midnight = now.replace(hour=0, minute=1, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - now).total_seconds()
