"""The font with Chinese characters for pictures that are drawn here: the configured one, else one that is installed."""

import functools
from dataclasses import dataclass
from pathlib import Path

# Where the usual ones lie, by preference: Linux (Debian, Fedora, Alpine, Arch), macOS, Windows.
PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-vf-fonts/NotoSansCJK-VF.ttc",
    "/usr/share/fonts/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/source-han-sans/SourceHanSansSC-Regular.otf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wqy-zenhei/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
)
MOST_FACES = 12


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, and which of the faces in it."""

    path: str
    index: int = 0


@functools.cache
def find(configured: str = "") -> Font | None:
    """The configured font, else the first installed one; None where that cannot write Chinese, or there is none."""
    for path in (configured,) if configured else PLACES:
        if Path(path).is_file() and (found := _chinese(path)) is not None:
            return found
    return None


def _chinese(path: str) -> Font | None:
    """The file's face for simplified Chinese; of one that names none its first, where that has the characters."""
    from PIL import ImageFont

    first: Font | None = None
    for index in range(MOST_FACES):
        try:
            face = ImageFont.truetype(path, 24, index=index)
        except OSError:
            break  # no font at all, or no more faces
        # A character that a font lacks is drawn as the same box as any other that it lacks.
        if bytes(face.getmask("科")) == bytes(face.getmask("协")):
            continue
        if (face.getname()[0] or "").endswith((" SC", " GB", "微软雅黑")):
            return Font(path, index)
        first = first or Font(path, index)
    return first
