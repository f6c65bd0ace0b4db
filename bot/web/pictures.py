"""Pictures that a browser sends: looked at and kept before their rows are written."""

import asyncio

from bot.documents.inspecting import Inspected, inspect
from bot.store.files import FileStore
from bot.store.keeping import Kept, put, put_back


class Pictures:
    """Looks at one at a time: unpacked, a picture is many times its size."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self._looking = asyncio.Lock()

    async def keep(self, content: bytes, name: str) -> tuple[Inspected, Kept]:
        """What it is, and where its bytes are; nothing of what is no picture is kept."""
        async with self._looking:
            found = await asyncio.to_thread(inspect, content, name)
        if found.picture is None:
            return found, Kept()
        return found, await asyncio.to_thread(put, self._files, found)

    async def settle(self, found: Inspected, kept: Kept) -> None:
        """After the row is written."""
        await asyncio.to_thread(put_back, self._files, found, kept)
