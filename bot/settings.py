"""Typed configuration: one TOML file, overridden by the environment (``KEPU_SECTION__KEY``), checked at start.

A wrong or missing key becomes one `ConfigError` that names the key, says what it means and gives an example.
"""

import os
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import ConfigError

DEFAULT_PATH = Path("config.toml")
END_OF_DAY = "24:00"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _http_url(value: str) -> str:
    if value and not re.match(r"https?://[^\s/]+", value):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _socket_url(value: str) -> str:
    if not re.match(r"wss?://[^\s/]+", value):
        raise ValueError("must start with wss:// (or ws:// for the simulated platform)")
    return value


def _clock_time(value: str) -> str:
    if value != END_OF_DAY and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("must be an hour such as 17:30, or 24:00 for the end of the day")
    return value


def _hours(value: str) -> str:
    if value and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("must be two hours such as 21:00-08:00, or empty")
    return value


class Database(_Section):
    url: str = Field("sqlite:///kepu.db", description="where the data lives 数据库地址", examples=["sqlite:///kepu.db"])


class Server(_Section):
    host: str = Field("127.0.0.1", description="address to listen on 监听地址", examples=["127.0.0.1"])
    port: int = Field(8090, ge=0, le=65535, description="port to listen on 监听端口", examples=["8090"])
    public_url: Annotated[str, AfterValidator(_http_url)] = Field(
        "",
        description="how the internet reaches this server, for links 外网访问地址",
        examples=["https://bot.example.org"],
    )


class OfficialAccount(_Section):
    app_id: str = Field(description="AppID of the official account 公众号 AppID", examples=["wx0123456789abcdef"])
    app_secret: SecretStr = Field(
        description="AppSecret of the official account 公众号 AppSecret", examples=["…32 characters…"]
    )
    token: SecretStr = Field(
        description="Token of the server configuration 服务器配置令牌", examples=["any 3 to 32 letters and digits"]
    )
    encoding_aes_key: SecretStr = Field(
        description="EncodingAESKey, 43 characters 消息加解密密钥",
        examples=["43 letters and digits, made by the console"],
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
        examples=["…template id…"],
    )

    def model_post_init(self, _context: Any) -> None:
        if not re.fullmatch(r"[A-Za-z0-9]{43}", self.encoding_aes_key.get_secret_value()):
            raise ValueError("encoding_aes_key must be exactly 43 letters and digits")


class Group(_Section):
    name: str = Field(description="what staff call the group 群名称", examples=["2020年度科普项目工作群"])
    chat_id: str = Field(
        description="the group's chatid; write to the robot in the group and see `kepu-bot doctor` 群会话编号",
        examples=["wrkSFfCgAA…"],
    )


class WorkGroup(_Section):
    bot_id: str = Field(description="Bot ID of the intelligent robot 智能机器人 Bot ID", examples=["aib…"])
    secret: SecretStr = Field(description="long-connection Secret of the robot 智能机器人 Secret", examples=["…"])
    gateway_url: Annotated[str, AfterValidator(_socket_url)] = Field(
        "wss://openws.work.weixin.qq.com",
        description="address of the long connection 长连接地址",
        examples=["wss://openws.work.weixin.qq.com"],
    )
    groups: list[Group] = Field(default_factory=list, description="the project work groups 项目工作群")


class GroupWebhook(_Section):
    name: str = Field(description="what staff call this group 群名称", examples=["镇街联络群"])
    url: SecretStr = Field(
        description="webhook address of the group robot 群机器人地址",
        examples=["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"],
    )


class Apprise(_Section):
    name: str = Field(description="what staff call this channel 渠道名称", examples=["值班邮箱"])
    url: SecretStr = Field(
        description="an Apprise address Apprise 地址", examples=["mailto://user:password@example.org"]
    )


class Programme(_Section):
    name: str = Field("科普专项", description="name of the programme 专项名称", examples=["2020年度科普专项"])
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


class Settings(BaseSettings):
    """Everything an operator can set. `official_account` and `work_group` are each optional."""

    model_config = SettingsConfigDict(env_prefix="KEPU_", env_nested_delimiter="__", extra="forbid", frozen=True)

    database: Database = Field(default_factory=Database)
    server: Server = Field(default_factory=Server)
    official_account: OfficialAccount | None = None
    work_group: WorkGroup | None = None
    group_webhooks: list[GroupWebhook] = Field(default_factory=list)
    apprise: list[Apprise] = Field(default_factory=list)
    programme: Programme

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
        held = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"没有找到配置文件 {chosen}。请先运行 kepu-bot init，或用 --config 指明位置。"
            f" (no configuration file {chosen}: run `kepu-bot init`, or name it with --config)"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigError(f"配置文件 {chosen} 不是有效的 TOML：{fault} (not valid TOML)") from None
    return check(held, str(chosen))


def check(held: dict[str, Any], origin: str = "config") -> Settings:
    """Settings out of a parsed TOML document; raises `ConfigError`."""
    try:
        return Settings(**held)
    except ValidationError as fault:
        raise ConfigError(
            "\n".join(f"{origin}: {_sentence(one)}" for one in fault.errors(include_input=False))
        ) from None


def _sentence(fault: Any) -> str:
    place = [str(part) for part in fault["loc"]]
    meaning, example = _meaning(place)
    key = ".".join(place)
    kind = fault["type"]
    if kind == "extra_forbidden":
        return f"「{key}」不是可用的配置项，请检查拼写 (unknown key; see config.example.toml)"
    what = "缺少 (missing)" if kind == "missing" else f"不正确 ({fault['msg'].removeprefix('Value error, ')})"
    return f"「{key}」{what}。含义：{meaning}。例：{example}"


def _meaning(place: list[str]) -> tuple[str, str]:
    """What a key means and an example, out of the field's own description."""
    model: Any = Settings
    meaning, example = "见 config.example.toml", "见 config.example.toml"
    for part in place:
        fields = getattr(model, "model_fields", {})
        if part not in fields:
            continue
        field = fields[part]
        meaning = field.description or f"[{part}] 一节"
        example = (field.examples or [example])[0]
        model = _inner_model(field.annotation)
    return meaning, example


def _inner_model(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _inner_model(inner)
        if found is not None:
            return found
    return None
