"""Text in whatever encoding it was written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.modules.ingestion.extraction.decoding import as_text, decode, encoding_of, read_text
from footnote.modules.ingestion.extraction.errors import NotText

WESTERN = "Übermäßige Beträge hält die Prüfstelle für höchst ungewöhnlich; sie zögert. "
FRENCH = "L'été dernier, après la fête, le garçon est allé à l'hôtel où sa mère l'attendait. "
SPANISH = "¿Cuándo llegó el señor Ibáñez? Mañana habrá una reunión en la oficina. "
CZECH = "Děti šly včera večer ještě jednou k řece a našly tam zlatý prsten. "
POLISH = "Wczoraj wieczorem dzieci znalazły złoty pierścień nad rzeką, więc wróciły. "
RUSSIAN = "Вчера вечером дети нашли золотое кольцо у реки и принесли его домой. "
GREEK = "Χθες το βράδυ τα παιδιά βρήκαν ένα χρυσό δαχτυλίδι δίπλα στο ποτάμι. "
TURKISH = "Dün akşam çocuklar ırmağın kıyısında altın bir yüzük buldular ve eve götürdüler. "
HEBREW = "אתמול בערב מצאו הילדים טבעת זהב ליד הנהר והביאו אותה הביתה. "
ARABIC = "عثر الأطفال مساء أمس على خاتم ذهبي بجانب النهر وأحضروه إلى المنزل. "
LITHUANIAN = "Vakar vakare vaikai rado auksinį žiedą prie upės ir parsinešė jį namo, nes šalo. "
JAPANESE = "昨日の夜、子どもたちは川のそばで金の指輪を見つけて、家に持ち帰りました。"
CHINESE = "昨天晚上孩子们在河边发现了一枚金戒指，他们把它带回家交给了父母。"
TAIWANESE = "昨天晚上孩子們在河邊發現了一枚金戒指，他們把它帶回家交給了父母。"
KOREAN = "어제 저녁에 아이들이 강가에서 금반지를 발견하고 집으로 가져왔습니다. "
THAI = "เมื่อวานตอนเย็นเด็กๆ พบแหวนทองอยู่ริมแม่น้ำและนำกลับบ้าน "


@pytest.mark.parametrize("repeated", [1, 30])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "latin-1"),
        (WESTERN, "cp1252"),
        (WESTERN, "mac_roman"),
        (WESTERN, "cp850"),
        (FRENCH, "cp1252"),
        (FRENCH, "mac_roman"),
        (SPANISH, "cp1252"),
        (CZECH, "cp1250"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
        (LITHUANIAN, "cp1257"),
        (THAI, "cp874"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
        (KOREAN, "euc_kr"),
    ],
)
def test_legacy_encodings_are_told_by_their_letters(text: str, encoding: str, repeated: int) -> None:
    assert decode((text * repeated).encode(encoding))[0] == text * repeated


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("text", [WESTERN, RUSSIAN, KOREAN, "plain words\n"])
def test_unicode_needs_no_guess(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, ())


def test_a_file_is_read_in_pieces_that_cut_no_character(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = "Größe 東京 😀\r\n" * 200_000
    path.write_bytes(text.encode())
    pieces = list(read_text(path, encoding_of(path)))
    assert len(pieces) > 2
    assert "".join(pieces) == text.replace("\r\n", "\n")


def test_what_is_broken_late_in_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Größe ".encode() * 500_000 + b"\xff")
    assert encoding_of(path) == ("utf-8", ("1 characters are not valid UTF-8 and were replaced.",))


def test_noise_in_a_file_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"words first " * 9 + bytes(range(1, 9)) * 500)
    with pytest.raises(NotText):
        list(read_text(path, encoding_of(path)))


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(noise: bytes) -> None:
    assert isinstance(as_text(noise), str)
    try:
        text, _ = decode(noise)
    except NotText:
        return
    assert "\x00" not in text
    assert "\r" not in text
