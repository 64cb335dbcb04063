"""`footnote doctor`: what is set, what is there, and what is off and how to get it."""

from footnote.config.doctor.examination import examine
from footnote.config.doctor.rendering import render
from footnote.config.doctor.report import Finding, Report

__all__ = ["Finding", "Report", "examine", "render"]
