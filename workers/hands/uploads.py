"""Hand a file to the page: into its file field, through the chooser that a button opens, or dropped on a drop zone."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from playwright.async_api import ElementHandle, FileChooser
from playwright.async_api import TimeoutError as PlaywrightTimeout

from workers.hands.observe import Eyes

PATIENCE_MS = 4000
# A button that opens a chooser does so within this, once it is pressed, on a busy machine as well.
CHOOSER_S = 2.5
TYPES = {".pdf": "application/pdf", ".txt": "text/plain", ".doc": "application/msword"}
DROP = """(zone, {name, type, data}) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type }));
  for (const step of ['dragenter', 'dragover', 'drop'])
    zone.dispatchEvent(new DragEvent(step, { bubbles: true, cancelable: true, composed: true, dataTransfer: carried }));
}"""


async def hand_over(eyes: Eyes, handle: ElementHandle, path: Path, *, field: bool) -> str:
    """Give the file to the field, or to what stands in for one; return the name that the page should show."""
    if field:
        await handle.set_input_files(path, timeout=PATIENCE_MS)
        return path.name
    opened: asyncio.Queue[FileChooser] = asyncio.Queue()
    eyes.page.on("filechooser", opened.put_nowait)
    try:
        await handle.click(timeout=PATIENCE_MS)
        chooser = await asyncio.wait_for(opened.get(), CHOOSER_S)
        await chooser.set_files(path, timeout=PATIENCE_MS)
    except (TimeoutError, PlaywrightTimeout):
        await _drop(handle, path)
    finally:
        eyes.page.remove_listener("filechooser", opened.put_nowait)
    return path.name


async def _drop(handle: ElementHandle, path: Path) -> None:
    """Let the file fall where it is asked for, as browsers tell pages of it."""
    kind = TYPES.get(path.suffix.lower(), "application/octet-stream")
    data = base64.b64encode(path.read_bytes()).decode()
    await handle.evaluate(DROP, {"name": path.name, "type": kind, "data": data})
