"""The models that VALET may offer its users. Source of the shape: CONTRACT section 13."""

from __future__ import annotations

from typing import Any, Final

RULES: Final = "rules"

MODELS: Final[list[dict[str, Any]]] = [
    {
        "alias": RULES,
        "model": "scripted",
        "provider": "ghosthands",
        "provider_name": "GhostHands",
        "vision": False,
        "cost": {"input": 0.0, "output": 0.0, "unit": "USD per 1M tokens"},
        "note": "Rules and word tables on the worker itself; no model is asked.",
    }
]
PRESETS: Final = [
    {"name": name, "description": "Fills forms by rules, whatever the preset.", "model": RULES}
    for name in ("speed", "balanced", "quality")
]
CATALOGUE: Final = {"models": MODELS, "presets": PRESETS, "default": RULES, "total": len(MODELS)}
