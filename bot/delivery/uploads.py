"""The names that platforms gave to what was uploaded, kept in the database over every attempt and process."""

from bot.model import Upload
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer


class KeptUploads:
    """`bot.channels.base.Uploads` over the writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def find(self, key: str) -> str:
        def look(work: UnitOfWork) -> str:
            held = work.session.get(Upload, key)
            return held.name if held is not None else ""

        return await self._writer.run(look)

    async def keep(self, key: str, name: str) -> None:
        await self._writer.run(lambda work: work.session.merge(Upload(key=key, name=name, at=work.now)))

    async def forget(self, key: str) -> None:
        def drop(work: UnitOfWork) -> None:
            held = work.session.get(Upload, key)
            if held is not None:
                work.session.delete(held)

        await self._writer.run(drop)
