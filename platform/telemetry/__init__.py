"""Traces and metrics of the process."""

from footnote.platform.telemetry.content import content_attributes
from footnote.platform.telemetry.setup import Telemetry, configure_telemetry

__all__ = ["Telemetry", "configure_telemetry", "content_attributes"]
