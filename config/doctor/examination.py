"""All examinations at once."""

import asyncio
from pathlib import Path

from footnote.config.doctor.chosen import examine_chosen
from footnote.config.doctor.models import examine_models
from footnote.config.doctor.programs import examine_programs
from footnote.config.doctor.report import Finding, Report
from footnote.config.doctor.scanner import examine_scanner
from footnote.config.doctor.stores import examine_stores
from footnote.config.doctor.versions import examine_versions
from footnote.config.settings import Settings, describe
from footnote.modules.access import UnsafeBinding
from footnote.modules.access.binding import ensure_safe_binding
from footnote.platform.settings import Resolved


async def examine(resolved: Resolved[Settings]) -> Report:
    """Changes nothing: neither the data folder nor the database is made."""
    settings = resolved.settings
    home = Path(settings.home)
    versions, stores, models, chosen, programs, scanner = await asyncio.gather(
        asyncio.to_thread(examine_versions),
        examine_stores(settings, home),
        asyncio.to_thread(examine_models, home / "models", settings.embedding_precision),
        asyncio.to_thread(examine_chosen, settings),
        examine_programs(),
        examine_scanner(settings.virus_scanner),
    )
    server = (examine_binding(settings), *scanner)
    models = (*models, *chosen)
    return Report(
        can_run=not any(found.state == "broken" for found in (*versions, *server, *stores, *models, *programs)),
        settings=tuple(describe(resolved)),
        versions=versions,
        server=server,
        stores=stores,
        models=models,
        programs=programs,
    )


def examine_binding(settings: Settings) -> Finding:
    keys = len(settings.api_keys)
    try:
        ensure_safe_binding(settings.host, bool(keys))
    except UnsafeBinding as error:
        return Finding("address", "broken", f"{settings.host} port {settings.port}, no API key", str(error))
    who = f"API keys: {keys}" if keys else "no API key: this machine only"
    return Finding("address", "ok", f"{settings.host} port {settings.port}, {who}")
