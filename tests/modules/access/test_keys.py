import pytest

from footnote.modules.access.errors import InvalidApiKeys
from footnote.modules.access.keys import find_key, parse_api_key, parse_api_keys
from footnote.modules.access.models import digest_of
from footnote.platform.principal import Principal


def test_a_named_key_is_a_member_of_the_local_tenant() -> None:
    assert parse_api_key("mia:s3cret").principal == Principal(
        tenant="local", subject="mia", roles=frozenset({"member"})
    )


def test_a_key_may_be_an_administrator_s() -> None:
    assert parse_api_key("mia:s3cret:admin").principal.is_admin
    assert not parse_api_key("mia:s3cret:user").principal.is_admin


def test_a_key_without_a_name_is_named_by_its_secret_s_hash() -> None:
    assert parse_api_key("s3cret").id == f"key-{digest_of('s3cret').hex()[:12]}"


def test_changing_the_secret_keeps_the_owner() -> None:
    assert parse_api_key("mia:old").principal == parse_api_key("mia:new").principal


def test_a_secret_may_contain_colons() -> None:
    assert find_key(parse_api_keys(["mia:a:b"]), "a:b") is not None


def test_only_the_whole_secret_opens() -> None:
    keys = parse_api_keys(["mia:s3cret", "leo:other"])
    assert [find_key(keys, secret) for secret in ("", "s3cre", "s3cret ", "S3CRET", "mia:s3cret", "\ud800")] == [
        None
    ] * 6


def test_each_secret_opens_its_own_key() -> None:
    keys = parse_api_keys(["mia:s3cret", "leo:other"])
    assert [key.id for secret in ("other", "s3cret") if (key := find_key(keys, secret))] == ["leo", "mia"]


@pytest.mark.parametrize(
    "value", ["", " ", ":secret", "name:", "name::admin", "na me:secret", "name:sec ret", "näme:x"]
)
def test_a_malformed_key_is_refused(value: str) -> None:
    with pytest.raises(InvalidApiKeys, match="key 1: "):
        parse_api_keys([value])


def test_all_wrong_keys_are_told_together_without_their_secrets() -> None:
    with pytest.raises(InvalidApiKeys) as refusal:
        parse_api_keys(["mia:hunter2", "a b:hunter3", "mia:hunter4", "leo:hunter 5"])
    message = str(refusal.value)
    assert all(part in message for part in ("key 2: ", "key 4: ", "two keys are named mia"))
    assert "hunter" not in message


def test_two_keys_cannot_share_a_secret() -> None:
    with pytest.raises(InvalidApiKeys, match="same secret"):
        parse_api_keys(["mia:same", "leo:same"])


def test_a_key_does_not_show_its_hash() -> None:
    assert digest_of("s3cret").hex() not in repr(parse_api_key("mia:s3cret"))
    assert "digest" not in repr(parse_api_key("mia:s3cret"))
