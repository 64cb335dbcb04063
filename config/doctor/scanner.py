"""The virus scanner that the settings name, if any."""

from footnote.config.doctor.report import Finding
from footnote.modules.ingestion.scanning import ScannerUnavailable, open_scanner

SECONDS = 5.0  # for it to answer


async def examine_scanner(address: str) -> tuple[Finding, ...]:
    if not address:
        return ()
    try:
        await open_scanner(address, seconds=SECONDS).check()
    except ScannerUnavailable as error:
        detail = f"{address} {error.extensions['reason']}; until it answers no file is taken in"
        return (Finding("virus scanner", "broken", detail, "start it, or empty FOOTNOTE_VIRUS_SCANNER"),)
    return (Finding("virus scanner", "ok", f"{address} answers"),)
