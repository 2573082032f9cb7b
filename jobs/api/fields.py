"""Field types that take what they say and nothing that merely looks like it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.api.authentication import CANONICAL_UUID
from jobs.network import ForbiddenTarget, Network, check_url

EVERYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
OPTIONAL: Final = {"required": False, "allow_null": True, "allow_blank": True}
"""For texts that clients also send as null or "" when they have none; both are read as None."""


class Text(serializers.CharField):
    """A string, kept exactly as given; one of spaces only counts as blank."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        return None if value == "" and self.allow_null else value

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if data and not data.strip() and not self.allow_blank:
            self.fail("blank")
        return data


class Email(Text, serializers.EmailField):
    """An e-mail address."""


class WebAddress(Text):
    """An http or https URL; it is kept, never opened, so it may lead anywhere."""

    def to_internal_value(self, data: Any) -> str:
        url = super().to_internal_value(data)
        try:
            check_url(url, self.networks())
        except ForbiddenTarget as refusal:
            sentence = f"{refusal}."
            raise serializers.ValidationError(sentence[0].upper() + sentence[1:], "invalid_url") from refusal
        return url

    def networks(self) -> Sequence[Network]:
        return EVERYWHERE


class ReachableAddress(WebAddress):
    """An http or https URL that a worker may open: public, or inside GH_ALLOWED_NETWORKS."""

    def networks(self) -> Sequence[Network]:
        return cast(Sequence[Network], settings.GH_ALLOWED_NETWORKS)


class Integer(serializers.IntegerField):
    """A JSON number without a fraction; texts and booleans are refused."""

    def to_internal_value(self, data: Any) -> int:
        is_whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        if isinstance(data, bool) or not is_whole:
            self.fail("invalid")
        return int(data)


class Number(serializers.FloatField):
    """A JSON number; texts and booleans are refused."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """`true` or `false`, not a word for it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Items(serializers.ListField):
    """A list; one that is too long is refused before anybody looks at its entries."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list):
            self.run_validators(data)
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a closed list of texts."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", input=str(data)[:50])
        return data


class Uuid(serializers.UUIDField):
    """A uuid in its canonical spelling."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not CANONICAL_UUID.fullmatch(data):
            self.fail("invalid", value=str(data)[:50])
        return UUID(data)


@extend_schema_field(OpenApiTypes.DATETIME)
class Instant(serializers.DateTimeField):
    """A point in time: read with its zone, written in UTC with milliseconds and `Z`."""

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="2026-02-15T10:00:00.000Z")
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                self.fail("invalid", format="2026-02-15T10:00:00.000Z")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid", format="2026-02-15T10:00:00.000Z")

    def to_representation(self, value: datetime) -> str:
        return write_time(value)


def write_time(moment: datetime) -> str:
    """Write a time as VALET reads it: `2026-02-15T10:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
