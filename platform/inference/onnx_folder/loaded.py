"""A session that is loaded once, at first use, in a thread."""

import asyncio

from footnote.platform.inference.onnx_folder.folder import ModelFolder
from footnote.platform.inference.onnx_folder.session import OnnxSession


class LoadedOnce:
    def __init__(self, folder: ModelFolder) -> None:
        self._folder = folder
        self._session: OnnxSession | None = None
        self._loading = asyncio.Lock()

    async def get(self) -> OnnxSession:
        """
        Raises:
            ModelFolderWrong: The next call tries again.
        """
        async with self._loading:
            if self._session is None:
                self._session = await asyncio.to_thread(OnnxSession, self._folder)
            return self._session
