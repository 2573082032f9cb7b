"""Where an application's files come from: an address, the project's storage, or a folder of this machine."""

from __future__ import annotations

import asyncio
import re
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage

from workers.context import JobSpec, ResumeUnavailable

MAX_BYTES: Final = 10 * 1024 * 1024
DOWNLOAD_SECONDS: Final = 30.0
MAX_REDIRECTS: Final = 5
_SAFE_NAME = re.compile(r"[^\w.()+ -]+")


@dataclass(frozen=True, slots=True)
class ResumeSource:
    """Fetches the resume of one run into `directory`.

    `proxy_url` is the egress proxy, which holds the network rule; `local_root` is the only folder from which a
    `resume_path` may be read (empty: none).
    """

    directory: Path
    proxy_url: str
    local_root: str = ""

    async def fetch(self, spec: JobSpec) -> Path | None:
        """Give the resume as a local file, its type told from its content; None when the job has none.

        Raises ResumeUnavailable.
        """
        file = await self._referred(spec.resume_ref or {})
        if file is None and (path := spec.input_data.get("resume_path")):
            file = await asyncio.to_thread(self._from_folder, str(path))
        return _named_by_content(file) if file else None

    async def fetch_letter(self, spec: JobSpec) -> Path | None:
        """Give the cover letter as a file: the one referred to, else its text as a plain file; None when there is none.

        Raises ResumeUnavailable.
        """
        ref, text = spec.input_data.get("cover_letter_ref"), spec.input_data.get("cover_letter")
        folder = ResumeSource(self.directory / "letter", self.proxy_url, self.local_root)
        folder.directory.mkdir(exist_ok=True)
        file = await folder._referred(ref) if isinstance(ref, Mapping) else None
        if file is None and isinstance(text, str) and text.strip():
            file = folder._target("Cover letter.txt")
            await asyncio.to_thread(file.write_text, text, "utf-8")
        return _named_by_content(file) if file else None

    async def _referred(self, ref: Mapping[str, Any]) -> Path | None:
        if url := ref.get("download_url"):
            return await self._download(str(url))
        if key := ref.get("storage_path") or ref.get("s3_key"):
            return await asyncio.to_thread(self._from_storage, str(key))
        return None

    async def _download(self, url: str) -> Path:
        target = self._target(PurePosixPath(unquote(urlsplit(url).path)).name)
        try:
            async with (
                asyncio.timeout(DOWNLOAD_SECONDS),
                httpx.AsyncClient(
                    proxy=self.proxy_url,
                    trust_env=False,
                    follow_redirects=True,
                    max_redirects=MAX_REDIRECTS,
                    timeout=DOWNLOAD_SECONDS,
                ) as client,
                client.stream("GET", url) as response,
            ):
                await _write_limited(response, target)
        except TimeoutError as error:
            raise ResumeUnavailable(f"The file did not arrive within {DOWNLOAD_SECONDS:.0f} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ResumeUnavailable(f"The file could not be downloaded ({type(error).__name__})") from error
        return target

    def _from_storage(self, key: str) -> Path:
        target = self._target(PurePosixPath(key).name)
        try:
            if default_storage.size(key) > MAX_BYTES:
                raise ResumeUnavailable(_too_large())
            with default_storage.open(key) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        except (OSError, SuspiciousFileOperation) as error:
            raise ResumeUnavailable(
                "The storage has no file at the given path; upload it first, or give a download_url"
            ) from error
        return target

    def _from_folder(self, name: str) -> Path:
        if not self.local_root:
            raise ResumeUnavailable(
                "resume_path names a file of the worker's machine; set GH_RESUME_DIR to the folder that may be read"
            )
        root = Path(self.local_root).resolve()
        source = (root / name).resolve()
        if not source.is_relative_to(root) or not source.is_file():
            raise ResumeUnavailable("resume_path names no file below GH_RESUME_DIR")
        if source.stat().st_size > MAX_BYTES:
            raise ResumeUnavailable(_too_large())
        return Path(shutil.copyfile(source, self._target(source.name)))

    def _target(self, name: str) -> Path:
        """Where to put it, under a name that an employer may see."""
        safe = _SAFE_NAME.sub("_", name)[-100:].lstrip(".")
        return self.directory / (safe or "resume")


async def _write_limited(response: httpx.Response, target: Path) -> None:
    if response.status_code != httpx.codes.OK:
        raise ResumeUnavailable(f"The file's address answered {response.status_code}")
    received = 0
    with target.open("wb") as file:
        async for chunk in response.aiter_bytes():
            received += len(chunk)
            if received > MAX_BYTES:
                raise ResumeUnavailable(_too_large())
            file.write(chunk)


def _too_large() -> str:
    return f"The file is larger than {MAX_BYTES // 1024 // 1024} MB"


def _named_by_content(file: Path) -> Path:
    """Give the file the ending of what it really is. Raises ResumeUnavailable for anything but a document."""
    ending = _ending(file)
    if ending is None:
        raise ResumeUnavailable("The file is no PDF, Word, OpenDocument, RTF or text file")
    if file.suffix.lower() in ({".txt", ".md"} if ending == ".txt" else {ending}):
        return file
    return file.rename(file.with_name(f"{file.stem or 'resume'}{ending}"))


def _ending(file: Path) -> str | None:
    head = file.read_bytes()[:2048]
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if head.startswith(b"PK\x03\x04"):
        return _office_ending(file)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ".doc"
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    is_text = (
        head.strip() and b"\0" not in head and not head.lstrip().lower().startswith((b"<!doctype", b"<html"))
    )
    return ".txt" if is_text else None


def _office_ending(file: Path) -> str | None:
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except zipfile.BadZipFile:
        return None
    if "word/document.xml" in names:
        return ".docx"
    return ".odt" if {"mimetype", "content.xml"} <= names else None
