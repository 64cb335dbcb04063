"""What the endpoint may answer instead of a transcript, in words for people."""

from typing import ClassVar

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from footnote.platform.errors import FootnoteError
from footnote.platform.inference.transcription import (
    NotSetUp,
    RecordingTooLong,
    TranscriptionFailed,
    UnreadableRecording,
)

LONGEST_SHOWN = 200  # characters of the endpoint's own words
SETTINGS = {"model", "response_format", "timestamp_granularities", "timestamp_granularities[]"}


class KeyMissing(NotSetUp):
    def __init__(self) -> None:
        super().__init__("There is no API key for transcription. Set FOOTNOTE_OPENAI_API_KEY.")


class ServiceRefused(NotSetUp):
    """The key, the model or the address is wrong, or nothing is left of what was paid for."""


class ServiceBusy(TranscriptionFailed):
    title: ClassVar[str] = "The transcription service is busy"

    def __init__(self, retry_after: float | None) -> None:
        wait = {} if retry_after is None else {"retry_after": retry_after}
        super().__init__("The transcription service takes no more recordings at the moment.", **wait)


def from_openai(error: APIError, model: str, timeout: float) -> FootnoteError:
    match error:
        case APITimeoutError():
            return timed_out(timeout)
        case APIConnectionError():
            return TranscriptionFailed("The transcription service cannot be reached.")
        case APIStatusError():
            return _from_status(error, model)
        case _:
            return no_transcript()


def timed_out(timeout: float) -> TranscriptionFailed:
    return TranscriptionFailed(
        f"The transcription service did not answer within {timeout:g} seconds (FOOTNOTE_TRANSCRIPTION_TIMEOUT_SECONDS)."
    )


def no_transcript() -> TranscriptionFailed:
    return TranscriptionFailed("The transcription service answered with something that is no transcript.")


def _from_status(error: APIStatusError, model: str) -> FootnoteError:
    match error.status_code:
        case 401 | 403:
            return ServiceRefused("The transcription service refuses the key. Check FOOTNOTE_OPENAI_API_KEY.")
        case 404:
            return ServiceRefused(
                f"The transcription service does not know the model {model!r}, or is not at this address. "
                "Check FOOTNOTE_TRANSCRIPTION_MODEL and FOOTNOTE_OPENAI_BASE_URL."
            )
        case 413:
            return RecordingTooLong("The recording is larger than the transcription service takes.")
        case 429 if error.code == "insufficient_quota":
            return ServiceRefused("Nothing is left of what was paid for at the transcription service.")
        case 429:
            return ServiceBusy(_retry_after(error))
        case 400 | 422 if error.param in SETTINGS:
            return ServiceRefused(
                f"The model {model!r} does not tell when words are said. Set FOOTNOTE_TRANSCRIPTION_MODEL to "
                f"`openai:whisper-1` or another that does. The service says: {_words(error)}"
            )
        case 400 | 415 | 422:
            return UnreadableRecording(f"The transcription service did not take the recording: {_words(error)}")
        case status:
            return TranscriptionFailed(f"The transcription service failed (status {status}).")


def _retry_after(error: APIStatusError) -> float | None:
    """Seconds; the header may also hold a date, which the endpoint does not send."""
    text = error.response.headers.get("retry-after", "")
    return float(text) if text.replace(".", "", 1).isdigit() else None


def _words(error: APIStatusError) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return str(body.get("message") or error.message)[:LONGEST_SHOWN]
