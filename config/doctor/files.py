"""The bucket that files are kept in, if it is one."""

from footnote.config.doctor.report import Finding
from footnote.config.setting_types import BlobLocation
from footnote.platform.errors import FootnoteError

BUCKETS = ("s3", "gs", "az")


async def examine_bucket(blobs: BlobLocation) -> tuple[Finding, ...]:
    if blobs.kind not in BUCKETS:
        return ()  # a folder is made where it is not there, and GridFS is a part of the database
    from footnote.platform.storage.objects import open_object_store

    try:
        await open_object_store(blobs.reveal()).check()
    except FootnoteError as error:
        remedy = "mend FOOTNOTE_BLOBS, or the provider's own variables (keys, region, endpoint)"
        return (Finding("files", "broken", f"{blobs}: {error.detail}", remedy),)
    return (Finding("files", "ok", f"{blobs} answers"),)
