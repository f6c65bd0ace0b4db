"""Which font writes the Chinese of the pictures that are drawn here."""

from pathlib import Path

import pytest
from PIL import features

from bot.documents import fonts


def test_configured_font_that_cannot_write_chinese_is_none(tmp_path: Path) -> None:
    wrong = tmp_path / "font.ttf"
    wrong.write_bytes(b"no font")
    assert fonts.find(str(wrong)) is None
    assert fonts.find(str(tmp_path / "missing.ttf")) is None


def test_font_that_is_installed_is_found_and_another_place_is_looked_at_where_one_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert features.check("freetype2")
    installed = fonts.find()
    if installed is None:
        pytest.skip("no font with Chinese characters is installed here")
    wrong = tmp_path / "font.ttc"
    wrong.write_bytes(b"no font")
    monkeypatch.setattr(fonts, "PLACES", (str(tmp_path / "missing.ttf"), str(wrong), installed.path))
    fonts.find.cache_clear()
    try:
        assert fonts.find() == installed
    finally:
        fonts.find.cache_clear()
