#!/usr/bin/env python3
"""GhostHands' command line: `manage.py help` lists the commands."""

import os
import sys

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ghosthands.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError, psycopg.OperationalError) as error:
        if "--traceback" in sys.argv:
            raise
        told = (
            "configuration is wrong"
            if isinstance(error, ImproperlyConfigured)
            else "database does not answer"
        )
        sys.exit(f"The {told}: {error}")


if __name__ == "__main__":
    main()
