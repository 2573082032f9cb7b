"""Where a resume may come from, what counts as one, and what is said when it cannot be had."""

from __future__ import annotations

import asyncio
import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from workers import resumes
from workers.context import JobSpec, ResumeUnavailable
from workers.egress import EgressProxy
from workers.resumes import ResumeSource

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
LOOPBACK = (ip_network("127.0.0.0/8"),)


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


class Files(BaseHTTPRequestHandler):
    """Serves a few files; `/moved` leads to another address."""

    bodies: ClassVar[dict[str, bytes]] = {
        "/cv.pdf": PDF,
        "/download": PDF,
        "/Jane%20Roe%20(2026).pdf": PDF,
        "/login": b"<!doctype html><title>Log in</title>",
        "/empty.pdf": b"",
        "/cv.docx": archive("word/document.xml"),
    }

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/cv.pdf")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.bodies.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def files() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(
    folder: Path,
    ref: dict[str, str] | None = None,
    *,
    resume_path: str = "",
    root: str = "",
    allowed: Any = LOOPBACK,
) -> Path | None:
    spec = JobSpec("1", "apply", "http://x", "", {"resume_path": resume_path}, resume_ref=ref)

    async def main() -> Path | None:
        async with EgressProxy(allowed) as proxy:
            return await ResumeSource(folder, proxy.url, root).fetch(spec)

    return asyncio.run(main())


def test_a_job_without_a_resume_has_none(tmp_path: Path) -> None:
    assert fetch(tmp_path) is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/cv.pdf", "cv.pdf"),
        ("/download", "download.pdf"),
        ("/Jane%20Roe%20(2026).pdf", "Jane Roe (2026).pdf"),
        ("/cv.docx", "cv.docx"),
        ("/moved", "moved.pdf"),
    ],
)
def test_a_download_is_named_by_its_address_and_content(
    files: str, tmp_path: Path, path: str, name: str
) -> None:
    file = fetch(tmp_path, {"download_url": files + path})
    assert file is not None
    assert (file.name, file.parent) == (name, tmp_path)
    assert file.read_bytes() == Files.bodies.get(path, PDF)


@pytest.mark.parametrize(
    ("path", "said"), [("/login", "no PDF"), ("/empty.pdf", "no PDF"), ("/none", "answered 404")]
)
def test_what_is_no_resume_is_told(files: str, tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(ResumeUnavailable, match=said):
        fetch(tmp_path, {"download_url": files + path})


def test_the_network_rule_holds_for_downloads(files: str, tmp_path: Path) -> None:
    with pytest.raises(ResumeUnavailable, match="answered 403"):
        fetch(tmp_path, {"download_url": f"{files}/cv.pdf"}, allowed=())


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ResumeUnavailable):
        fetch(tmp_path, {"download_url": "http://127.0.0.1:9/cv.pdf"})


@pytest.mark.parametrize("place", ["download_url", "storage_path", "folder"])
def test_a_file_that_is_too_large_is_refused(
    files: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(resumes, "MAX_BYTES", 10)
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "cv.pdf").write_bytes(PDF)
    key = default_storage.save("resumes/cv.pdf", ContentFile(PDF))
    ref = {"download_url": {"download_url": f"{files}/cv.pdf"}, "storage_path": {"storage_path": key}}.get(
        place
    )
    with pytest.raises(ResumeUnavailable, match="larger than"):
        fetch(tmp_path, ref, resume_path="cv.pdf", root=str(tmp_path))


@pytest.mark.parametrize("name", ["storage_path", "s3_key"])
def test_a_stored_resume_is_copied(tmp_path: Path, settings: Any, name: str) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    key = default_storage.save("resumes/u1/cv.pdf", ContentFile(PDF))
    file = fetch(tmp_path, {name: key})
    assert file is not None
    assert (file.name, file.read_bytes()) == ("cv.pdf", PDF)


@pytest.mark.parametrize("key", ["resumes/none.pdf", "../../etc/passwd", "/etc/passwd"])
def test_the_storage_gives_nothing_of_elsewhere(tmp_path: Path, settings: Any, key: str) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    with pytest.raises(ResumeUnavailable, match="storage has no file"):
        fetch(tmp_path, {"storage_path": key})


def test_a_local_file_is_read_only_below_the_configured_folder(tmp_path: Path) -> None:
    root, out = tmp_path / "resumes", tmp_path / "out"
    root.mkdir()
    out.mkdir()
    (root / "cv.pdf").write_bytes(PDF)
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (root / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    assert fetch(out, resume_path="cv.pdf", root=str(root)) == out / "cv.pdf"
    for name in ["../secret.pdf", "link.pdf", str(tmp_path / "secret.pdf"), "none.pdf"]:
        with pytest.raises(ResumeUnavailable, match="no file below"):
            fetch(out, resume_path=name, root=str(root))
    with pytest.raises(ResumeUnavailable, match="GH_RESUME_DIR"):
        fetch(out, resume_path="cv.pdf")


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, ".pdf"),
        (archive("word/document.xml"), ".docx"),
        (archive("mimetype", "content.xml"), ".odt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", ".doc"),
        (b"{\\rtf1 x}", ".rtf"),
        (b"Jane Roe\nEngineer\n", ".txt"),
        (archive("evil.exe"), None),
        (b"PK\x03\x04broken", None),
        (b"MZ\x90\x00\x03\x00", None),
        (b"<html>", None),
    ],
)
def test_the_type_is_told_from_the_content(
    tmp_path: Path, settings: Any, content: bytes, ending: str | None
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    key = default_storage.save("cv.bin", ContentFile(content))
    if ending is None:
        with pytest.raises(ResumeUnavailable, match="no PDF"):
            fetch(tmp_path, {"storage_path": key})
        return
    file = fetch(tmp_path, {"storage_path": key})
    assert file is not None
    assert file.suffix == ending


def letter(tmp_path: Path, **given: Any) -> Path | None:
    spec = JobSpec("1", "apply", "http://x", "", given)
    return asyncio.run(ResumeSource(tmp_path, "").fetch_letter(spec))


def test_a_letter_given_as_text_is_a_plain_file(tmp_path: Path) -> None:
    file = letter(tmp_path, cover_letter="Dear team,\nI would like to join.")
    assert file is not None
    assert (file.name, file.read_text()) == ("Cover letter.txt", "Dear team,\nI would like to join.")
    assert letter(tmp_path, cover_letter="  ") is None


def test_a_letter_given_as_a_file_goes_before_its_text(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    key = default_storage.save("letters/mine.pdf", ContentFile(PDF))
    file = letter(tmp_path, cover_letter="Dear team", cover_letter_ref={"storage_path": key})
    assert file is not None
    assert (file.name, file.parent.name) == ("mine.pdf", "letter")


def test_a_letter_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResumeUnavailable, match="storage has no file"):
        letter(tmp_path, cover_letter_ref={"s3_key": "letters/none.pdf"})
