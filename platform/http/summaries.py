"""What each route does, in a few words, for the description of the interface."""

from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute


class SummariesInWords(ReceiveRoutePlugin):
    """A handler without a summary is summed up by its name: `list_documents` says "List documents"."""

    def receive_route(self, route: BaseRoute) -> None:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                handler.summary = handler.summary or handler.handler_name.replace("_", " ").capitalize()
