import pytest

from footnote.platform.secrets import Secret, SecretUrl, decode_secret, mask_secret


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r}".format, lambda secret: f"{secret}", mask_secret])
def test_no_way_of_showing_a_secret_shows_it(show) -> None:  # type: ignore[no-untyped-def]
    assert "hunter2" not in show(Secret("hunter2"))


def test_only_reveal_gives_the_value() -> None:
    assert Secret("hunter2").reveal() == "hunter2"
    assert not hasattr(Secret("hunter2"), "__dict__")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite", "sqlite"),
        ("mongodb://host/db", "mongodb://host/db"),
        ("mongodb://user:p@ss/w?r#d@host/db", "mongodb://***@host/db"),
        ("https://host/path?token=hunter2#more", "https://host/path?***"),
    ],
)
def test_a_url_shows_all_but_what_may_be_a_password(url: str, shown: str) -> None:
    assert str(SecretUrl(url)) == shown


def test_equal_values_are_equal_secrets() -> None:
    assert Secret("hunter2") == Secret("hunter2") != Secret("hunter3")
    assert len({Secret("hunter2"), Secret("hunter2")}) == 1
    assert Secret("hunter2") != "hunter2"


def test_a_secret_is_read_from_text_alone() -> None:
    assert decode_secret(Secret, "hunter2") == Secret("hunter2")
    with pytest.raises(TypeError):
        decode_secret(Secret, 5)


def test_an_empty_secret_is_false_and_shows_nothing() -> None:
    assert not Secret("")
    assert str(Secret("")) == ""
