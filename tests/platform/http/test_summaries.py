"""What routes do, in the description of the interface."""

from litestar import Litestar, get

from footnote.platform.http.summaries import SummariesInWords


@get("/documents", sync_to_thread=False)
def list_documents() -> None: ...


@get("/other", summary="As it stands", sync_to_thread=False)
def others() -> None: ...


def test_a_route_is_summed_up_by_the_name_of_its_handler() -> None:
    app = Litestar([list_documents, others], plugins=[SummariesInWords()])
    operations = [item.get for item in (app.openapi_schema.paths or {}).values()]
    assert [operation.summary for operation in operations if operation] == ["List documents", "As it stands"]
