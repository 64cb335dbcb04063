"""The pictures of an image file: which there are, how large, and which are refused."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.drawn_images import saved

from footnote.modules.ingestion.extraction.errors import PageOutOfRange, TooExpensive
from footnote.modules.ingestion.extraction.image_frames import Frame, open_image


def first_frame(path: Path) -> Frame:
    with open_image(path, max_pages=10) as image:
        return image.frame(1)


def test_a_page_is_as_large_as_its_resolution_says(tmp_path: Path) -> None:
    width, height = first_frame(saved(Image.new("L", (400, 200)), tmp_path / "a.png", dpi=100)).size
    assert (round(width), round(height)) == (288, 144)


def test_a_fax_is_finer_across_than_down(tmp_path: Path) -> None:
    Image.new("1", (1728, 1078)).save(tmp_path / "fax.tif", dpi=(204, 98))
    width, height = first_frame(tmp_path / "fax.tif").size
    assert (round(width / 72, 1), round(height / 72, 1)) == (8.5, 11.0)


@pytest.mark.parametrize(("side", "points"), [(960, 720), (4680, 842)])
def test_what_says_nothing_is_taken_for_a_screen_or_a_page(tmp_path: Path, side: int, points: int) -> None:
    width, _ = first_frame(saved(Image.new("L", (side, 100)), tmp_path / "a.png", dpi=None)).size
    assert round(width) == points


def test_sixteen_bits_of_gray_keep_their_shades(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 500], [1000, 4000]], dtype=np.uint16)).save(tmp_path / "deep.png")
    assert list(np.asarray(first_frame(tmp_path / "deep.png").picture).flat) == [0, 31, 63, 255]


def test_small_copies_in_a_tiff_are_no_pages(tmp_path: Path) -> None:
    path, sizes = tmp_path / "scan.tif", [(200, 100), (100, 50), (300, 150)]
    images = [Image.new("L", size, 255) for size in sizes]
    images[1].encoderinfo = {"tiffinfo": {254: 1}}
    images[0].save(path, save_all=True, append_images=images[1:])
    with open_image(path, max_pages=10) as image:
        assert [image.frame(number + 1).picture.width for number in range(len(image.pages))] == [200, 300]


def test_of_a_long_animation_only_the_first_picture_counts(tmp_path: Path) -> None:
    frames = [Image.new("L", (20, 20), 10 * shade) for shade in range(12)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    with open_image(tmp_path / "a.gif", max_pages=10) as image:
        assert len(image.pages) == 1
        assert image.warnings == ["Only the first of 12 pictures of the animation was read."]


def test_more_pages_than_are_allowed_are_refused(tmp_path: Path) -> None:
    frames = [Image.new("L", (20, 20))] * 4
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    with pytest.raises(TooExpensive, match="more than 3 pages"), open_image(tmp_path / "a.tif", max_pages=3):
        pass


@pytest.mark.parametrize("side", [14_000, 100_000])
def test_a_picture_that_unpacks_to_too_much_is_refused(tmp_path: Path, side: int) -> None:
    size = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))
    with pytest.raises(TooExpensive, match="million pixels"):
        first_frame(tmp_path / "bomb.png")


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = saved(Image.new("L", (20, 20)), tmp_path / "a.png")
    with open_image(path, max_pages=10) as image, pytest.raises(PageOutOfRange):
        image.frame(2)
