"""What `job resume` says for a person: from the command line, or asked for where it is missing.

Codes and passwords are asked for without showing them; on the command line other users of the machine could read
them.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import OutputWrapper

from jobs.lifecycle import Resolution
from jobs.models import Job
from jobs.presentation import shown_text

ASK = "?"


class CannotAsk(Exception):
    """Something has to be asked for, and nobody is at a terminal."""


def add_resume_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--code", nargs="?", const=ASK, metavar="CODE", help="the code that the site sent; alone: asks for it"
    )
    parser.add_argument(
        "--login", action="store_true", help="a name and password to sign in with; asks for them"
    )
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        type=_answer,
        metavar="QUESTION=ANSWER",
        help="answers one question; may be repeated",
    )
    parser.add_argument(
        "--submitted",
        choices=["yes", "no"],
        help="whether the form of the earlier run was sent, as you found out",
    )
    parser.add_argument("--note", default="", help="a word for the job's log")


def resolution_from(options: Mapping[str, Any], job: Job, stdout: OutputWrapper) -> Resolution:
    """Give what the person says, asking at the terminal for what the job needs and the arguments lack.

    Raises CannotAsk.
    """
    data: dict[str, Any] = {}
    answers = dict(options["answer"])
    if options["code"]:
        data["code"] = _secret("Code: ") if options["code"] == ASK else options["code"]
    if options["login"]:
        data |= {"username": _typed("User name: "), "password": _secret("Password: ")}
    if options["submitted"]:
        data["submitted"] = options["submitted"] == "yes"
    if not (data or answers or options["json"]) and _at_terminal():
        data, answers = _needed(job, stdout)
    if answers:
        data["answers"] = answers
    kind = "code_entry" if "code" in data else "credentials" if "password" in data else "manual"
    return Resolution(resolution_type=kind, notes=options["note"], data=data)


def _needed(job: Job, stdout: OutputWrapper) -> tuple[dict[str, Any], dict[str, str]]:
    """Ask for what the job's interaction wants; an empty line leaves it out."""
    known = job.interaction_data if isinstance(job.interaction_data, dict) else {}
    if job.interaction_type == "2fa":
        code = _secret("Code (empty when you settled it otherwise): ")
        return ({"code": code} if code else {}), {}
    asked = known.get("questions")
    answers = {}
    for row in asked if isinstance(asked, list) else []:
        question = str(row.get("question", "")) if isinstance(row, dict) else ""
        stdout.write(shown_text(question) + _offered(row.get("options") or []))
        if question and (answer := input("> ").strip()):
            answers[question] = answer
    return {}, answers


def _offered(options: Iterable[Any]) -> str:
    shown = " / ".join(shown_text(str(option)) for option in options)
    return f" [{shown}]" if shown else ""


def _answer(given: str) -> tuple[str, str]:
    # Questions and answers may hold an equals sign; one behind a question mark is the one that parts them.
    mark = given.find("?=") + 1
    question, equals, answer = (given[:mark], "=", given[mark + 1 :]) if mark else given.partition("=")
    if not equals or not question.strip() or not answer.strip():
        raise argparse.ArgumentTypeError('give it as "Question=Answer"')
    return question.strip(), answer.strip()


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _secret(prompt: str) -> str:
    if _at_terminal():
        return getpass.getpass(prompt).strip()
    return _line()


def _typed(prompt: str) -> str:
    return input(prompt).strip() if _at_terminal() else _line()


def _line() -> str:
    """Read one line of what was piped in; scripts hand secrets over like this."""
    line = sys.stdin.readline().strip()
    if not line:
        raise CannotAsk("This has to be asked for: run it at a terminal, or pipe it in, one line each.")
    return line
