"""Telemetry as a whole process has it: OpenTelemetry takes its providers once, so each test is a process."""

import subprocess
import sys

SETUP = """
from footnote.platform.telemetry import configure_telemetry, metrics
from footnote.platform.telemetry.model_calls import model_call
from footnote.platform.context import current_trace_id
from opentelemetry import trace
from prometheus_client import generate_latest
tracer = trace.get_tracer("test")
telemetry = configure_telemetry(service_name="footnote", version="1")
"""


def printed(script: str) -> str:
    command = [sys.executable, "-W", "error", "-P", "-c", SETUP + script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_the_metrics_text_has_every_instrument() -> None:
    text = printed("""
metrics.document_ended("ready", "application/pdf")
metrics.stage_ended("chunking", 0.2)
metrics.answered(0.5, abstained=True)
metrics.searched("hybrid", 0.02)
metrics.job_ended("ingest", "completed")
metrics.jobs_waiting(4)
with model_call("chat", "local:extractive") as call:
    call.used(input_tokens=7, output_tokens=2)
    call.cost(0.25)
metrics.model_retried("openai:gpt", "ModelBusy")
print(generate_latest(telemetry.registry).decode())
""")
    for sample in (
        'footnote_ingest_documents_total{media_type="application/pdf",status="ready"} 1.0',
        'footnote_ingest_stage_duration_seconds_count{stage="chunking"} 1.0',
        'footnote_ask_duration_seconds_bucket{le="0.5"} 1.0',
        'footnote_ask_answers_total{abstained="true"} 1.0',
        'footnote_search_duration_seconds_sum{mode="hybrid"} 0.02',
        'footnote_jobs_total{kind="ingest",outcome="completed"} 1.0',
        "footnote_jobs_depth 4.0",
        'gen_ai_provider_name="local",gen_ai_request_model="extractive"} 1.0',
        'gen_ai_token_type="output"} 2.0',
        'gen_ai_request_model="extractive"} 0.25',
        'footnote_model_retries_total{error_type="ModelBusy"',
        "process_resident_memory_bytes",
    ):
        assert sample in text


def test_a_failed_model_call_is_counted_by_its_error() -> None:
    text = printed("""
try:
    with model_call("embeddings", "local:minilm"):
        raise TimeoutError
except TimeoutError:
    print(generate_latest(telemetry.registry).decode())
""")
    assert 'gen_ai_client_operation_duration_seconds_count{error_type="TimeoutError"' in text


def test_a_trace_has_an_id_that_a_tracer_made_before_knows() -> None:
    script = "with tracer.start_as_current_span('ask'): print(current_trace_id())"
    assert len(printed(script).strip()) == 32


def test_spans_that_nobody_is_sent_are_not_recorded() -> None:
    script = "with tracer.start_as_current_span('ask') as span: print(span.is_recording(), bool(current_trace_id()))"
    assert printed(script).split() == ["False", "True"]


def test_configuring_again_changes_nothing_and_says_nothing() -> None:
    assert (
        printed("""
telemetry.shutdown()
again = configure_telemetry(service_name="other", version="2", endpoint="http://127.0.0.1:1")
again.shutdown()
metrics.jobs_waiting(1)
with tracer.start_as_current_span("ask"):
    print(again is telemetry and current_trace_id() is not None)
""").strip()
        == "True"
    )


def test_the_exporter_is_loaded_only_where_there_is_an_endpoint() -> None:
    assert printed("import sys; print('opentelemetry.exporter.otlp.proto.http' in sys.modules)").strip() == "False"
