"""Messages as mail programs write them, and as Outlook saves them."""

import struct
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

from support.archives import Folder, compound

HEADS = {"From": "Ann Lee <ann@example.org>", "To": "Bob <bob@example.org>", "Subject": "Ünïcode = fine"}


def message(
    plain: str | None = "Hello Bob.",
    page: str | None = None,
    *,
    heads: Mapping[str, str] = HEADS,
    attached: Sequence[tuple[str, bytes]] = (),
) -> EmailMessage:
    built = EmailMessage()
    for name, words in heads.items():
        built[name] = words
    if plain is not None:
        built.set_content(plain)
    if page is not None and plain is not None:
        built.add_alternative(page, subtype="html")
    elif page is not None:
        built.set_content(page, subtype="html")
    for name, content in attached:
        built.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return built


def outlook_message(properties: Mapping[int, str | bytes], *parts: tuple[str, Folder]) -> bytes:
    """A message with its long properties by number, and recipients and attachments, as `outlook_part` gives them."""
    return compound({**_streams(properties, 32), **{f"{name}#{n:08X}": part for n, (name, part) in enumerate(parts)}})


def recipient(name: str, address: str, role: int = 1) -> tuple[str, Folder]:
    return "__recip_version1.0_", _streams({0x3001: name, 0x39FE: address}, 8, {0x0C15: struct.pack("<Q", role)})


def attachment(name: str, content: bytes, **more: Folder) -> tuple[str, Folder]:
    return "__attach_version1.0_", {**_streams({0x3707: name, 0x3701: content}, 8), **more}


def inner_message(name: str, properties: Mapping[int, str | bytes]) -> tuple[str, Folder]:
    return "__attach_version1.0_", {**_streams({0x3707: name}, 8), "__substg1.0_3701000D": _streams(properties, 24)}


def _streams(
    properties: Mapping[int, str | bytes], header: int, fixed: Mapping[int, bytes] | None = None
) -> dict[str, bytes | Folder]:
    """Texts are padded with zeros to what a stream needs, which readers drop."""
    streams: dict[str, bytes | Folder] = {}
    for number, content in properties.items():
        is_text = isinstance(content, str)
        streams[f"__substg1.0_{number:04X}{'001F' if is_text else '0102'}"] = (
            content.encode("utf-16-le") if isinstance(content, str) else content
        )
    entries = b"".join(struct.pack("<HHI", 3, number, 6) + content for number, content in (fixed or {}).items())
    streams["__properties_version1.0"] = bytes(header) + entries
    return streams
