"""The platform's error codes as the bot's errors: what may be repeated, what is in doubt, what is to be done."""

import re

from bot.errors import PlatformError

BAD_TOKEN = (40001, 40014, 42001)
BUSY = -1
ALREADY_SENT = 45065  # the same clientmsgid: the answer names the first send
# The recipient cannot be had by this way.
UNREACHABLE = {
    43004: "对方没有关注公众号",
    40003: "对方的账号无效",
    43101: "对方没有订阅这类消息",
    45015: "对方超过 48 小时没有与公众号互动，不能发客服消息",
    45047: "给对方发的客服消息已到上限，要等对方再次发言",
    45028: "本期群发次数已用完",
}
ADVICE = {
    40013: "AppID 不正确，请核对「official_account.app_id」",
    40125: "AppSecret 不正确，请核对「official_account.app_secret」",
    40037: "模板编号无效，请核对「official_account.template_id」",
    48001: "公众号没有这个接口的权限（需要认证的服务号）",
    45009: "接口调用次数已到上限",
    50002: "公众号被限制使用，请到公众平台查看通知",
}
DAY_LIMIT_PAUSE = 600.0


def refusal(code: int, message: str) -> PlatformError:
    """The error for an answer with ``errcode``. ``message`` is the platform's; only an address is taken from it."""
    if code in UNREACHABLE:
        return PlatformError(UNREACHABLE[code], code=code, unreachable=True)
    if code == 40164:
        found = re.search(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+:[0-9a-f]+", message)
        address = found[0] if found else "本机地址"
        return PlatformError(
            f"本机地址 {address} 不在公众平台的 IP 白名单里，请到「设置与开发 → 开发接口管理」添加", code=code
        )
    if code == BUSY:
        return PlatformError("公众平台繁忙", code=code, retry=True)
    if code in BAD_TOKEN:
        return PlatformError("访问令牌失效", code=code, retry=True)
    if code == 45009:
        return PlatformError(ADVICE[code], code=code, retry=True, after=DAY_LIMIT_PAUSE)
    return PlatformError(ADVICE.get(code, f"公众平台拒绝了请求（错误码 {code}）"), code=code)


def lost(doing: str) -> PlatformError:
    """The call left, and no good answer came: nobody can know what the platform did."""
    return PlatformError(f"{doing}后没有得到公众平台的答复", ambiguous=True)


def unreached() -> PlatformError:
    """The call never left."""
    return PlatformError("连不上公众平台，请检查网络", retry=True)
