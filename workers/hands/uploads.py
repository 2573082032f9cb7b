"""Hand a file to the page: into its file field, through the chooser that a button opens, or dropped on a drop zone."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from pathlib import Path

from playwright.async_api import ElementHandle, FileChooser
from playwright.async_api import TimeoutError as PlaywrightTimeout

from workers.hands.controls import Control, Ref
from workers.hands.observe import Eyes

PATIENCE_MS = 4000
# A button that opens a chooser does so within this, once it is pressed, on a busy machine as well.
CHOOSER_S = 2.5
# One that opens a menu first shows it within this.
MENU_S = 0.5
TYPES = {".pdf": "application/pdf", ".txt": "text/plain", ".doc": "application/msword"}
DROP = """(zone, {name, type, data}) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type }));
  for (const step of ['dragenter', 'dragover', 'drop'])
    zone.dispatchEvent(new DragEvent(step, { bubbles: true, cancelable: true, composed: true, dataTransfer: carried }));
}"""


async def hand_over(eyes: Eyes, control: Control, handle: ElementHandle, path: Path) -> str:
    """Give the file to the field, or to what stands in for one; return the name that the page should show."""
    if control.tag == "input":
        await handle.set_input_files(path, timeout=PATIENCE_MS)
        return path.name
    opened: asyncio.Queue[FileChooser] = asyncio.Queue()
    eyes.page.on("filechooser", opened.put_nowait)
    try:
        await eyes.ask(control.ref, "mark")
        await handle.click(timeout=PATIENCE_MS)
        chooser = await _chooser(eyes, control, opened)
        await chooser.set_files(path, timeout=PATIENCE_MS)
    except (TimeoutError, PlaywrightTimeout):
        await _drop(handle, path)
    finally:
        eyes.page.remove_listener("filechooser", opened.put_nowait)
    return path.name


async def _chooser(eyes: Eyes, control: Control, opened: asyncio.Queue[FileChooser]) -> FileChooser:
    """Return the chooser that opens, at once or through the menu that asks where the file is; or time out."""
    with suppress(TimeoutError):
        return await asyncio.wait_for(opened.get(), MENU_S)
    found = await eyes.ask(control.ref, "fileSource")
    entry = await eyes.handle(Ref(control.ref.frame, found)) if found else None
    if entry:
        await entry.click(timeout=PATIENCE_MS)
    return await asyncio.wait_for(opened.get(), CHOOSER_S)


async def _drop(handle: ElementHandle, path: Path) -> None:
    """Let the file fall where it is asked for, as browsers tell pages of it."""
    kind = TYPES.get(path.suffix.lower(), "application/octet-stream")
    data = base64.b64encode(path.read_bytes()).decode()
    await handle.evaluate(DROP, {"name": path.name, "type": kind, "data": data})
