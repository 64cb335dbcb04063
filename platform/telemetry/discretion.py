"""What exceptions say, out of the spans that are sent: a message may quote a file's name or a question."""

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Status

WORDS = {"exception.message", "exception.stacktrace"}  # a stack trace ends with the message


def discreet(span: ReadableSpan) -> ReadableSpan:
    """The span, of its exceptions only the types."""
    if not span.events and span.status.description is None:
        return span
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=[_discreet(event) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=_type_only(span.status),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _discreet(event: Event) -> Event:
    attributes = {name: value for name, value in (event.attributes or {}).items() if name not in WORDS}
    return Event(event.name, attributes, event.timestamp)


def _type_only(status: Status) -> Status:
    # The SDK describes an exception as "Type: message".
    description = status.description and status.description.partition(":")[0]
    return Status(status.status_code, description)
