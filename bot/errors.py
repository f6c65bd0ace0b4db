"""The one small tree of errors."""


class BotError(Exception):
    """Anything the bot itself raises."""


class UserError(BotError):
    """A wish that cannot be met; the message is a Chinese sentence that says what to do."""


class ConfigError(BotError):
    """A setting that is missing or wrong; the message names the key, its meaning and an example."""


class RejectedCallback(BotError):
    """A callback that is not from the platform, or not whole. Its reason is for the log, never for the sender."""


class PlatformError(BotError):
    """A platform refused or did not answer.

    ``code``: the platform's error code, or None where there was none.
    ``retry``: whether the same call may be made again later (seconds in ``after`` where the platform said so).
    ``ambiguous``: whether the call may have been carried out although no good answer came back.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        retry: bool = False,
        ambiguous: bool = False,
        unreachable: bool = False,
        after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retry = retry
        self.ambiguous = ambiguous
        self.unreachable = unreachable
        self.after = after
