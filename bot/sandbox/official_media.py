"""Calls that move files: temporary and permanent media, pictures inside articles."""

from starlette.responses import Response

from bot.sandbox.media import THREE_DAYS, is_picture
from bot.sandbox.official_call import OK, Answer, Call, Endpoint
from bot.sandbox.refusals import Refusal
from bot.sandbox.state import Platform

MEGABYTE = 1024 * 1024
LIMITS = {"image": 10 * MEGABYTE, "voice": 2 * MEGABYTE, "video": 10 * MEGABYTE, "thumb": 64 * 1024}
IN_ARTICLE = MEGABYTE  # uploadimg takes JPG and PNG below 1 MB


class MediaCalls:
    """Uploads and downloads."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def endpoints(self) -> dict[str, Endpoint]:
        """The calls of this file."""
        return {
            "media/upload": Endpoint("FILE", self._upload, 100_000),
            "media/get": Endpoint("GET", self._get, 200_000),
            "media/uploadimg": Endpoint("FILE", self._upload_picture, 100_000),
            "material/add_material": Endpoint("FILE", self._add_material, 1_000),
            "material/del_material": Endpoint("POST", self._delete_material, 1_000),
        }

    def _upload(self, call: Call) -> Answer:
        kind, name, content = _checked(call)
        file = self._platform.media.keep(kind, name, content, THREE_DAYS)
        return {"type": kind, "media_id": file.media_id, "created_at": file.created}

    def _get(self, call: Call) -> Answer:
        file = self._platform.media.get(call.query.get("media_id"))
        if file.kind == "video":
            return {"video_url": f"{call.base_url}_media/{file.media_id}"}
        headers = {"Content-Disposition": f'attachment; filename="{file.media_id[:16]}"'}
        return Response(file.content, media_type=file.content_type, headers=headers)

    def _upload_picture(self, call: Call) -> Answer:
        name, content = call.upload()
        if not content.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            raise Refusal(40005)
        if len(content) >= IN_ARTICLE:
            raise Refusal(40009)
        file = self._platform.media.keep("uploadimg", name, content, None)
        return {"url": f"{call.base_url}_media/{file.media_id}"}

    def _add_material(self, call: Call) -> Answer:
        kind, name, content = _checked(call)
        file = self._platform.media.keep(kind, name, content, None)
        url = {"url": f"{call.base_url}_media/{file.media_id}"} if kind == "image" else {}
        return {"media_id": file.media_id, **url}

    def _delete_material(self, call: Call) -> Answer:
        self._platform.media.forget(call.text("media_id"))
        return OK


def _checked(call: Call) -> tuple[str, str, bytes]:
    kind = call.query.get("type", "")
    if kind not in LIMITS:
        raise Refusal(40004)
    name, content = call.upload()
    if not content:
        raise Refusal(44001, "empty media data")
    if kind in ("image", "thumb") and not is_picture(content):
        raise Refusal(40005)
    if len(content) > LIMITS[kind]:
        raise Refusal(40009 if kind == "image" else 45001)
    return kind, name, content
