"""Pictures, recordings and resumes in a bucket that speaks S3, for installations on several machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


class ObjectStorage(S3Storage):  # type: ignore[misc]  # the package has no types
    """What goes wrong is an OSError, as with files; credentials and region come from where AWS's own tools look."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _os_errors():
            return super()._open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        with _os_errors():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _os_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _os_errors():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _os_errors():
            return int(super().size(name))


@contextmanager
def _os_errors() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The object storage does not do it: {error}") from error
