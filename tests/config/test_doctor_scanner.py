"""The doctor on the virus scanner."""

from support.clamd import clamd, saying

from footnote.config.doctor.scanner import examine_scanner


async def test_a_scanner_that_answers_is_well() -> None:
    async with clamd(saying(b"PONG\0")) as address:
        assert [finding.state for finding in await examine_scanner(address)] == ["ok"]


async def test_a_scanner_that_is_not_there_is_broken() -> None:
    (finding,) = await examine_scanner("unix:/nowhere/clamd.sock")
    assert (finding.state, "cannot be reached" in finding.detail) == ("broken", True)


async def test_without_a_scanner_there_is_nothing_to_say() -> None:
    assert await examine_scanner("") == ()
