"""What went wrong on the long connection, as the bot's errors. The SDK tells it only in words."""

import re

from bot.errors import PlatformError

_CODE = re.compile(r"errcode=(-?\d+)")
RATE_LIMITS = (45009, 846607)
NEVER_TALKED = (93006, 40003, 86008)
MINUTE = 60.0


def classify(fault: Exception) -> PlatformError:
    """The SDK's error as a `PlatformError`: refused with a code, never sent, or in doubt."""
    if isinstance(fault, PlatformError):
        return fault
    found = _CODE.search(str(fault))
    if found:
        return _refused(int(found[1]))
    if isinstance(fault, ConnectionError):
        return not_connected()
    # No acknowledgement in time, or the socket went after the frame had left.
    return PlatformError("发出后没有得到企业微信的答复", ambiguous=True)


def not_connected() -> PlatformError:
    return PlatformError("与企业微信的长连接还没有接通", retry=True)


def _refused(code: int) -> PlatformError:
    if code == -1:
        return PlatformError("企业微信繁忙", code=code, retry=True)
    if code in RATE_LIMITS:
        return PlatformError("发送过于频繁，已排队稍后再发", code=code, retry=True, after=MINUTE)
    if code in NEVER_TALKED:
        return PlatformError("对方还没有与机器人说过话，机器人不能先开口", code=code, unreachable=True)
    return PlatformError(f"企业微信拒绝了消息（错误码 {code}）", code=code)
