"""The rules of the house that no other tool checks, each as a function from source text to findings."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import PurePosixPath

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "service", "services", "common", "misc", "managers"}

_WRITING_CALLS = {
    "update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "aupdate", "acreate", "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
_OTHER_TABLE = re.compile(r"\b(?!Job\b)[A-Z]\w*\.objects\b")
_DEFAULTS = {"defaults", "create_defaults"}
_STATUS_SQL = re.compile(
    r"\bgh_automation_jobs\b.*\bset\b.*\bstatus\b\s*=|insert\s+into\s+gh_automation_jobs", re.I | re.S
)
_MACHINE_PATH = re.compile(r"(?<![\w.\-}])/(?:work(?![\w\-])|root/)")
_ADDRESS = re.compile(r"\w+://|^\s*(?:-i|-f|--[a-z-]*(?:index|host|links))\b", re.M)


def status_writes(source: str) -> list[int]:
    """Find the lines that write a job's status: by attribute, query, constructor, mapping or SQL.

    Keywords that cannot be read (`update(**changes)`) count as a status. `self.status = ...` is left to its own
    class, and `Worker.objects`, `JobEvent.objects` and the like write no job.
    """
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.stmt, ast.expr)))
    return sorted({node.lineno for node in nodes if _writes_status(node)})


def private_imports(source: str, modules: Collection[str]) -> list[str]:
    """Find underscored names taken from `modules`, by import or by attribute."""
    tree = ast.parse(source)
    imported = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in modules
        for alias in node.names
        if alias.name.startswith("_")
    ]
    short = {module.rpartition(".")[2] for module in modules}
    reached = [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in short
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
    ]
    return imported + reached


def imported_packages(source: str) -> set[str]:
    """Give the top-level packages, and the project's own modules in full, that `source` imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "ghosthands")
    return {name if name.startswith("ghosthands") else name.partition(".")[0] for name in found}


def long_functions(source: str) -> list[str]:
    """Find functions above the limit, from the first decorator to the last line."""
    return [
        f"{node.name} ({length} lines)"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := _length(node)) > MAX_FUNCTION_LINES
    ]


def is_vague(path: str) -> bool:
    """Tell whether a module or package is named after nothing in particular."""
    return any(part.partition(".")[0].strip("_") in VAGUE_NAMES for part in PurePosixPath(path).parts)


def addresses_in_lock(text: str) -> list[str]:
    """Find lines that tie the lock file to one package index."""
    return [line for line in text.splitlines() if _ADDRESS.search(line)]


def unpinned(text: str) -> list[str]:
    """Find requirements without an exact version and a hash."""
    entries = re.split(r"\n(?=[^\s#])", "\n" + text)
    return [
        entry.split()[0]
        for entry in entries
        if entry.strip()
        and not entry.lstrip().startswith("#")
        and not ("==" in entry and "--hash=sha256:" in entry)
    ]


def machine_paths(text: str) -> list[str]:
    """Find lines that name a directory of some author's machine."""
    return [line.strip() for line in text.splitlines() if _MACHINE_PATH.search(line)]


def untested_commands(commands: Iterable[str], tests: Mapping[str, str]) -> list[str]:
    """Find management commands that no test runs: through `call_command`, or as arguments of `manage.py`."""
    return [name for name in commands if not any(_runs(name, text) for text in tests.values())]


def broken_chain(migrations: Mapping[str, Collection[str]]) -> list[str]:
    """Find what keeps migrations (name to the names it depends on) from being one numbered line."""
    names = sorted(migrations)
    faults = [
        f"{name} should be number {place:04}"
        for place, name in enumerate(names, start=1)
        if not re.fullmatch(rf"{place:04}_[a-z0-9_]+", name)
    ]
    return faults + [
        f"{name} should depend on {[before]} alone"
        for before, name in pairwise(names)
        if set(migrations[name]) != {before}
    ]


def _writes_status(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_job_status(target) for target in targets)
        case ast.AugAssign(target=target):
            return _is_job_status(target)
        case ast.AnnAssign(target=target, value=value):
            return value is not None and _is_job_status(target)
        case ast.Call():
            return _call_writes_status(node)
        case ast.Constant(value=str(text)):
            return bool(_STATUS_SQL.search(text))
    return False


def _is_job_status(target: ast.AST) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)):
        return any(_is_job_status(element) for element in target.elts)
    is_status = isinstance(target, ast.Attribute) and target.attr == "status"
    return is_status and ast.unparse(target) != "self.status"


def _call_writes_status(call: ast.Call) -> bool:
    name, receiver = _name_and_receiver(call.func)
    if name == "setattr":
        return any(_is_text(argument) for argument in call.args[1:2])
    if name in {"save", "bulk_update"}:
        return any(_is_text(inner) for part in _arguments(call) for inner in ast.walk(part))
    if name == "Job" or (name in _WRITING_CALLS and not _OTHER_TABLE.search(receiver)):
        return any(_gives_status(keyword) for keyword in call.keywords) or _mapping_gives_status(call)
    return False


def _mapping_gives_status(call: ast.Call) -> bool:
    return any(_has_key(inner) for argument in call.args for inner in ast.walk(argument))


def _gives_status(keyword: ast.keyword) -> bool:
    if keyword.arg == "status":
        return True
    if keyword.arg is not None and keyword.arg not in _DEFAULTS:
        return False
    return not isinstance(keyword.value, ast.Dict) or any(
        _has_key(inner) for inner in ast.walk(keyword.value)
    )


def _has_key(node: ast.AST) -> bool:
    if isinstance(node, ast.Dict):
        return any(key is not None and _is_text(key) for key in node.keys)
    if isinstance(node, ast.Call) and _name_and_receiver(node.func)[0] == "dict":
        return any(keyword.arg == "status" for keyword in node.keywords)
    return False


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)


def _name_and_receiver(function: ast.expr) -> tuple[str, str]:
    if isinstance(function, ast.Attribute):
        return function.attr, ast.unparse(function.value)
    return (function.id, "") if isinstance(function, ast.Name) else ("", "")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "status"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or node.lineno) - first + 1


def _runs(command: str, test: str) -> bool:
    quoted = rf"""["']{re.escape(command)}["']"""
    called = (
        rf"call_command\(\s*{quoted}|manage\.py[\"']?[\s,)/\]]+{quoted}|manage\.py {re.escape(command)}\b"
    )
    return re.search(called, test) is not None
