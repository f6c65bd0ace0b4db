"""Typed configuration: one TOML file, overridden by the environment (``KEPU_SECTION__KEY``), checked at start.

A wrong or missing key becomes one `ConfigError` that names the key, says what it means and gives an example.
What was written there is never repeated: it may be a secret.
"""

import difflib
import os
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.errors import ConfigError

DEFAULT_PATH = Path("config.toml")
END_OF_DAY = "24:00"
ENVIRONMENT_PREFIX = "KEPU_"
FIELD_SOURCES = ("kind", "title", "text", "time", "unit")  # what a keyword of a template can be filled with


def _counting(text: str) -> str:
    """A pattern that counts: without one {n} every number would be the same."""
    if text and (text.count("{n}") != 1 or re.search(r"[{}]", re.sub(r"\{n\}|\{year\}", "", text))):
        raise ValueError("must contain {n} once and no other braces but {year}")
    return text


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _database_url(value: str) -> str:
    if not re.match(r"sqlite:///|postgresql(\+psycopg)?://", value):
        raise ValueError("要以 sqlite:/// 或 postgresql:// 开头 (must start so)")
    return value


def _http_url(value: str) -> str:
    if not re.match(r"https?://[^\s/]+", value):
        raise ValueError("要以 http:// 或 https:// 开头 (must start so)")
    return value.rstrip("/")


def _http_url_or_nothing(value: str) -> str:
    return value and _http_url(value)


def _secret_http_url(value: SecretStr) -> SecretStr:
    _http_url(value.get_secret_value())
    return value


def _apprise_url(value: SecretStr) -> SecretStr:
    if not re.match(r"[A-Za-z][\w+.-]*://\S", value.get_secret_value()):
        raise ValueError("要写成 名称://… (must be name://…)")
    return value


def _socket_url(value: str) -> str:
    if not re.match(r"wss?://[^\s/]+", value):
        raise ValueError("要以 wss:// 开头，模拟平台用 ws:// (must start so; ws:// is for the simulated platform)")
    return value


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{3,32}", value.get_secret_value()):
        raise ValueError("要 3 到 32 位字母或数字 (must be 3 to 32 letters and digits)")
    return value


def _aes_key(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{43}", value.get_secret_value()):
        raise ValueError("要正好 43 位字母或数字 (must be exactly 43 letters and digits)")
    return value


def _fields(value: dict[str, str]) -> dict[str, str]:
    for keyword, source in value.items():
        if source not in FIELD_SOURCES and not re.match(r"=\s*\S", source):
            words = f"{'、'.join(FIELD_SOURCES)}，或等号加固定文字"
            raise ValueError(f"{keyword} 只能填 {words} (must be one of these, or = and fixed words)")
    return value


def _clock_time(value: str) -> str:
    if value != END_OF_DAY and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("要写成 17:30 这样的时刻，或 24:00 (must be an hour such as 17:30, or 24:00)")
    return value


def _hours(value: str) -> str:
    if value and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("要写成 21:00-08:00 这样的时段，或留空 (must be hours such as 21:00-08:00, or empty)")
    return value


class Database(_Section):
    url: str = Field(
        "sqlite:///kepu.db",
        description="where the data lives 数据库地址",
        examples=["sqlite:///kepu.db"],
        repr=False,  # it may hold a password
    )


class Storage(_Section):
    folder: Path = Field(
        Path("kepu-files"),
        description="folder for photos and files that people send 照片和附件的存放目录",
        examples=["kepu-files"],
    )


class Server(_Section):
    host: str = Field("127.0.0.1", description="address to listen on 监听地址", examples=["127.0.0.1"])
    port: int = Field(8090, ge=0, le=65535, description="port to listen on 监听端口", examples=["8090"])
    public_url: Annotated[str, AfterValidator(_http_url_or_nothing)] = Field(
        "",
        description="how the internet reaches this server, for links 外网访问地址",
        examples=["https://bot.example.org"],
    )


class OfficialAccount(_Section):
    app_id: str = Field(
        min_length=1, description="AppID of the official account 公众号 AppID", examples=["wx0123456789abcdef"]
    )
    app_secret: SecretStr = Field(
        min_length=1,
        description="AppSecret of the official account 公众号 AppSecret",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    token: Annotated[SecretStr, AfterValidator(_token)] = Field(
        description="Token of the server configuration 服务器配置里的令牌", examples=["Kepu2020Token"]
    )
    encoding_aes_key: Annotated[SecretStr, AfterValidator(_aes_key)] = Field(
        description="EncodingAESKey of the server configuration 消息加解密密钥",
        examples=["abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"],
    )
    kind: Literal["service", "subscription"] = Field(
        "service", description="kind of account 账号类型：service 服务号 / subscription 订阅号", examples=["service"]
    )
    api_base_url: Annotated[str, AfterValidator(_http_url)] = Field(
        "https://api.weixin.qq.com",
        description="address of the platform's API 接口地址",
        examples=["https://api.weixin.qq.com"],
    )
    template_id: str = Field(
        "",
        description="approved template message for reminders outside 48 hours 模板消息编号（可不填）",
        examples=["TM00000000000000000000000000000000000000001"],
    )
    template_fields: Annotated[dict[str, str], AfterValidator(_fields)] = Field(
        default_factory=lambda: {"keyword1": "title", "keyword2": "time"},
        description="what each keyword of that template shows 模板消息各关键词填什么",
        examples=['{ keyword1 = "title", keyword2 = "time" }'],
    )
    subscription_template_id: str = Field(
        "",
        description="template of the subscription notice, one for each consent 订阅通知模板编号（可不填）",
        examples=["SM00000000000000000000000000000000000000001"],
    )
    subscription_fields: Annotated[dict[str, str], AfterValidator(_fields)] = Field(
        default_factory=lambda: {"thing1": "title", "time2": "time"},
        description="what each keyword of that template shows 订阅通知各关键词填什么",
        examples=['{ thing1 = "title", time2 = "time" }'],
    )


class Group(_Section):
    name: str = Field(min_length=1, description="what staff call the group 群名称", examples=["2020年度科普项目工作群"])
    chat_id: str = Field(
        min_length=1,
        description="the group's chatid; write to the robot in the group and look for group_seen in the log 群会话编号",
        examples=["wrkSFfCgAAexamplechatid"],
    )


class WorkGroup(_Section):
    bot_id: str = Field(
        min_length=1,
        description="Bot ID of the intelligent robot 智能机器人 Bot ID",
        examples=["aibXXXXXXXXXXXXXXXXXXXX"],
    )
    secret: SecretStr = Field(
        min_length=1,
        description="long-connection Secret of the robot 智能机器人长连接 Secret",
        examples=["the-secret-of-the-long-connection"],
    )
    gateway_url: Annotated[str, AfterValidator(_socket_url)] = Field(
        "wss://openws.work.weixin.qq.com",
        description="address of the long connection 长连接地址",
        examples=["wss://openws.work.weixin.qq.com"],
    )
    groups: list[Group] = Field(
        default_factory=list,
        description="the project work groups 项目工作群",
        examples=['[[work_group.groups]] name = "…" chat_id = "wr…"'],
    )


class GroupWebhook(_Section):
    name: str = Field(min_length=1, description="what staff call this group 群名称", examples=["镇街联络群"])
    url: Annotated[SecretStr, AfterValidator(_secret_http_url)] = Field(
        description="webhook address of the group robot 群机器人地址",
        examples=["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"],
    )


class Apprise(_Section):
    name: str = Field(min_length=1, description="what staff call this channel 渠道名称", examples=["值班邮箱"])
    url: Annotated[SecretStr, AfterValidator(_apprise_url)] = Field(
        description="an Apprise address Apprise 地址", examples=["mailto://user:password@example.org"]
    )


class Programme(_Section):
    name: str = Field(
        "科普专项", min_length=1, description="name of the programme 专项名称", examples=["2020年度科普专项"]
    )
    year: int = Field(ge=2000, le=2100, description="the programme's year 年度", examples=["2020"])
    filing_working_days: int = Field(
        3, ge=0, le=60, description="last day to file = this many working days before 提前报备工作日数", examples=["3"]
    )
    cut_off: Annotated[str, AfterValidator(_clock_time)] = Field(
        END_OF_DAY, description="hour of the last day until which a filing is in time 截止时刻", examples=["24:00"]
    )
    report_days: int = Field(
        5, ge=1, le=90, description="days after an activity to send its report 总结期限（天）", examples=["5"]
    )
    quiet_hours: Annotated[str, AfterValidator(_hours)] = Field(
        "21:00-08:00", description="hours in which nothing is pushed 免打扰时段", examples=["21:00-08:00"]
    )

    @property
    def cut_off_time(self) -> time | None:
        """The cut-off hour, or None where the whole day counts."""
        return None if self.cut_off == END_OF_DAY else time.fromisoformat(self.cut_off)


class Review(_Section):
    kind: str = Field(min_length=1, description="kind of notice 通知种类", examples=["立项公示"])
    steps: int = Field(
        ge=0, le=5, description="how many other people must approve, one after the other 审核人数", examples=["2"]
    )

    @model_validator(mode="after")
    def _reviewed_unless_urgent(self) -> "Review":
        if self.steps == 0 and self.kind != "紧急":
            raise ValueError("steps may be 0 for 紧急 only")
        return self


class Notices(_Section):
    number_format: Annotated[str, AfterValidator(_counting)] = Field(
        "",
        description="the office's number of a notice, with {year} and {n}; empty for none 文号格式",
        examples=["科普通知〔{year}〕{n}号"],
    )
    review: list[Review] = Field(
        default_factory=list,
        description="kinds that need other than one approval 审核人数不是一人的种类",
        examples=['[[notices.review]] kind = "立项公示" steps = 2'],
    )
    window_minutes: int = Field(
        120,
        ge=5,
        le=1440,
        description="a timed notice that is later than this is asked about, not sent 定时通知最多迟发多久（分钟）",
        examples=["120"],
    )
    chase_days: list[int] = Field(
        default_factory=lambda: [0],
        description="days from the deadline on which those who owe are reminded 催办日（相对截止日）",
        examples=["[-3, -1, 0, 1]"],
    )
    pause_above_percent: int = Field(
        50,
        ge=1,
        le=100,
        description="a run that fails for more than this share pauses itself 失败超过此比例即自动暂停（百分比）",
        examples=["50"],
    )
    font: str = Field(
        "",
        description="font file with Chinese characters for pictures; empty: look for one 图片用的中文字体文件",
        examples=["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"],
    )
    parallel: int = Field(
        16,
        ge=1,
        le=64,
        description="how many messages of a large run may be under way at once 大批发送的并发数",
        examples=["16"],
    )


class Settings(BaseSettings):
    """Everything an operator can set. `official_account` and `work_group` are each optional."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    database: Database = Field(
        default_factory=Database, description="the database 数据库", examples=['[database] url = "sqlite:///kepu.db"']
    )
    storage: Storage = Field(
        default_factory=Storage, description="photos and files 附件", examples=['[storage] folder = "kepu-files"']
    )
    server: Server = Field(default_factory=Server, description="the web server 网络", examples=["[server] port = 8090"])
    official_account: OfficialAccount | None = Field(
        None, description="the WeChat official account 公众号", examples=['[official_account] app_id = "wx…"']
    )
    work_group: WorkGroup | None = Field(
        None, description="the robot of the work groups 工作群机器人", examples=['[work_group] bot_id = "aib…"']
    )
    group_webhooks: list[GroupWebhook] = Field(
        default_factory=list, description="groups only written to 群机器人", examples=['[[group_webhooks]] name = "…"']
    )
    apprise: list[Apprise] = Field(
        default_factory=list, description="other channels 其他渠道", examples=['[[apprise]] name = "…"']
    )
    notices: Notices = Field(
        default_factory=Notices, description="notices 通知", examples=["[notices] window_minutes = 120"]
    )
    programme: Programme = Field(description="the programme 专项", examples=["[programme] year = 2020"])

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment wins over the file, so that a secret need not be written down.
        return (env_settings, init_settings)


def load(path: Path | None = None) -> Settings:
    """Read and check the settings; raises `ConfigError` with one clear sentence a fault."""
    chosen = path or Path(os.environ.get("KEPU_CONFIG", str(DEFAULT_PATH)))
    try:
        held = tomllib.loads(chosen.read_text(encoding="utf-8-sig"))  # as an editor on Windows saves it
    except FileNotFoundError:
        raise ConfigError(
            f"没有找到配置文件 {chosen}。请先运行 kepu-bot init，或用 --config 指明位置。"
            f" (no configuration file {chosen}: run `kepu-bot init`, or name it with --config)"
        ) from None
    except OSError as fault:
        raise ConfigError(f"读不了配置文件 {chosen}：{fault.strerror} (cannot read it)") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigError(f"配置文件 {chosen} 不是有效的 TOML：{fault} (not valid TOML)") from None
    return check(held, str(chosen))


def check(held: dict[str, Any], origin: str = "config") -> Settings:
    """Settings out of a parsed TOML document; raises `ConfigError`."""
    # Not handed to pydantic: it takes keys such as _env_file for its own.
    unknown = [name for name in held if name.startswith("_")]
    if unknown:
        raise ConfigError(f"{origin}: {_unknown(unknown[0])}")
    try:
        return Settings(**held)
    except SettingsError as fault:
        raise ConfigError(_environment_sentence(fault)) from None
    except ValidationError as fault:
        raise ConfigError("\n".join(_sentence(one, origin) for one in fault.errors(include_input=False))) from None


# What is wrong, by pydantic's kind of error. Its own English words stand for the rest.
_FAULTS = {
    "missing": "缺少 (missing)",
    "int_type": "要填整数 (must be a whole number)",
    "int_parsing": "要填整数 (must be a whole number)",
    "int_from_float": "要填整数 (must be a whole number)",
    "string_type": "要填加引号的文字 (must be a text in quotes)",
    "string_too_short": "不能为空 (must not be empty)",
    "too_short": "不能为空 (must not be empty)",
    "greater_than_equal": "不能小于 {ge} (must be {ge} or more)",
    "less_than_equal": "不能大于 {le} (must be {le} or less)",
    "literal_error": "只能填 {expected} (must be one of these)",
    "model_type": "要写成一节 (must be a section)",
    "model_attributes_type": "要写成一节 (must be a section)",
    "dict_type": "要写成花括号里的一组 (must be a table in braces)",
    "list_type": "要写成一节或多节，环境变量里写成 JSON 列表 (must be sections, or a JSON list in the environment)",
}


def _sentence(fault: Any, origin: str) -> str:
    place = [str(part) for part in fault["loc"]]
    key, variable = ".".join(place), _variable(place)
    if variable:
        origin = f"环境变量 {variable} (environment)"
    if fault["type"] == "extra_forbidden":
        return f"{origin}: {_unknown(key)}"
    own_words = fault["msg"].removeprefix("Value error, ")
    what = _FAULTS.get(fault["type"], own_words).format_map(fault.get("ctx", {}))
    meaning, example = _meaning(place)
    return f"{origin}: 「{key}」{what}。含义：{meaning}。例：{example}"


def _unknown(key: str) -> str:
    """The sentence for a key that is none; it names the one that was probably meant, else those there are."""
    *around, last = key.split(".")
    known = list(_model_at(around).model_fields)
    meant = difflib.get_close_matches(last, known, n=1)
    if not meant:
        return f"「{key}」不是可用的配置项，这里可用的是 {', '.join(known)} (unknown key)"
    place = [*around, meant[0]]
    meaning, example = _meaning(place)
    return f"「{key}」不是可用的配置项，是不是「{'.'.join(place)}」？含义：{meaning}。例：{example} (unknown key)"


def _environment_sentence(fault: SettingsError) -> str:
    """A section or a list was given in one variable, and not as JSON; pydantic's words name only the section."""
    section = next((name for name in Settings.model_fields if f'"{name}"' in str(fault)), "")
    head = ENVIRONMENT_PREFIX + section.upper()
    # The shortest name is the one that holds a whole section; its parts may stand beside it.
    variable = min((name for name in os.environ if name.upper().startswith(head)), key=len, default=head)
    place = variable.upper().removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
    meaning, example = _meaning(place)
    return (
        f"环境变量 {variable} (environment): 「{'.'.join(place)}」不是有效的 JSON，建议逐项设置 (not valid JSON)。"
        f"含义：{meaning}。例：{example}"
    )


def _variable(place: list[str]) -> str | None:
    """The environment's variable that set this key, or the section around it."""
    held = {name.upper(): name for name in os.environ}
    for length in range(len(place), 0, -1):
        name = ENVIRONMENT_PREFIX + "__".join(place[:length]).upper()
        if name in held:
            return held[name]
    return None


def _meaning(place: list[str]) -> tuple[str, str]:
    """What a key means and an example, out of the field's own description; a place in a list has no own."""
    meaning = example = "见 config.example.toml"
    for length in range(1, len(place) + 1):
        field = getattr(_model_at(place[: length - 1]), "model_fields", {}).get(place[length - 1])
        if field is not None:
            meaning, example = field.description, field.examples[0]
    return meaning, example


def _model_at(place: list[str]) -> Any:
    """The section that a place such as work_group.groups.0 stands for."""
    model: Any = Settings
    for part in place:
        field = getattr(model, "model_fields", {}).get(part)
        if field is not None:
            model = _inner_model(field.annotation) or model
    return model


def _inner_model(annotation: Any) -> Any:
    """The section in an annotation such as ``Group``, ``WorkGroup | None`` or ``list[Group]``."""
    if hasattr(annotation, "model_fields"):
        return annotation
    return next(filter(None, map(_inner_model, getattr(annotation, "__args__", ()))), None)
