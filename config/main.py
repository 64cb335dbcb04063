"""The command line of footnote."""

import sys
from pathlib import Path
from typing import get_args

import click
from rich.console import Console

from footnote.config.commands.console import as_json_option, load, people, print_json, run
from footnote.modules.retrieval import Mode

# The commands import what they need when they run: `footnote --help` should not wait for models and drivers.

mode_option = click.option("--mode", type=click.Choice(get_args(Mode)), default="hybrid", show_default=True)
dataset_option = click.option(
    "--dataset", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="Its folder."
)
queries_option = click.option(
    "--queries",
    type=click.Path(path_type=Path),
    help="Another file than queries.jsonl, also by its name in the folder.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="footnote")
def main() -> None:
    """Answers from your own documents, with a checked footnote for every sentence."""


@main.command()
@click.option("--host", help="Address to listen on; other than loopback needs FOOTNOTE_API_KEYS.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Server processes.")
@click.option("--fd", type=int, hidden=True, help="A listening socket that the parent process shares.")
def serve(host: str | None, port: int | None, workers: int, fd: int | None) -> None:
    """Start the HTTP API, the portal and a worker."""
    from footnote.config.commands.serving import serve_from

    run(
        load(host=host, port=port),
        lambda settings, telemetry: serve_from(settings, telemetry.registry, workers, fd),
        is_service=True,
    )


@main.command()
@click.option("--concurrency", type=click.IntRange(1, 64), help="Jobs at a time.")
def worker(concurrency: int | None) -> None:
    """Run background jobs only."""
    from footnote.config.commands.serving import work_here

    run(load(worker_concurrency=concurrency), lambda settings, _: work_here(settings), is_service=True)


@main.command(short_help="Take in files and folders.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--watch", is_flag=True, help="Go on with what comes and changes, until Ctrl-C.")
@as_json_option
def ingest(paths: tuple[Path, ...], watch: bool, as_json: bool) -> None:
    """Take in files, and folders with all that is in them; exit code 0 only if all became ready.

    Hidden files and those that programs leave for a while, such as ~$letter.docx, are taken in only if they are named.
    A watched file that changes becomes a new version of its document; one that vanishes leaves its document.
    """
    from footnote.config.commands.files import ingest_paths
    from footnote.config.commands.watching import watch_paths

    take_in = watch_paths if watch else ingest_paths
    report = run(load(), lambda settings, _: take_in(settings, paths), as_json=as_json)
    if as_json:
        print_json(report)
    else:
        report.describe(people)
    sys.exit(0 if report.is_complete else 1)


@main.command()
@click.argument("query")
@mode_option
@click.option("--top-k", type=click.IntRange(1, 1000), help="How many passages.")
@as_json_option
def search(query: str, mode: Mode, top_k: int | None, as_json: bool) -> None:
    """Find the passages that fit QUERY best."""
    from footnote.config.commands.asking import print_results, search_store

    found = run(load(), lambda settings, _: search_store(settings, query, mode, top_k), as_json=as_json)
    if as_json:
        print_json(found)
    else:
        print_results(found)


@main.command(short_help="Answer a question, with a footnote for every sentence.")
@click.argument("question")
@click.option("--model", help="provider:model instead of the one in the settings.")
@click.option("--conversation", metavar="ID", help="Go on with that conversation; `new` begins one.")
@as_json_option
def ask(question: str, model: str | None, conversation: str | None, as_json: bool) -> None:
    """Answer QUESTION from the documents, with a footnote for every sentence.

    Sentences come as soon as they are checked; Ctrl-C stops.
    """
    from footnote.config.commands.answering import ask_aloud, ask_store, question_of

    asked = question_of(question, model, conversation)
    if as_json:
        print_json(run(load(), lambda settings, _: ask_store(settings, asked), as_json=True))
    else:
        run(load(), lambda settings, _: ask_aloud(settings, asked, Console()))


@main.command(short_help="Serve assistants that speak the Model Context Protocol.")
@click.option("--http", is_flag=True, help="Over HTTP at /mcp instead of standard input and output.")
@click.option("--host", help="With --http: address to listen on; other than loopback needs FOOTNOTE_API_KEYS.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="With --http; 0: any free."
)
def mcp(http: bool, host: str | None, port: int) -> None:
    """Offer search, ask and read to assistants that speak the Model Context Protocol."""
    from footnote.config.commands.assisting import serve_assistant, serve_assistants

    serve = serve_assistants if http else serve_assistant
    run(load(host=host, port=port), lambda settings, _: serve(settings), is_service=http)


@main.group()
def evaluate() -> None:
    """Measure on a dataset, in a throw-away store."""


@evaluate.command("retrieval")
@dataset_option
@queries_option
@mode_option
@as_json_option
def evaluate_retrieval(dataset: Path, queries: Path | None, mode: Mode, as_json: bool) -> None:
    """How well searches rank: nDCG, recall, MRR, MAP, precision."""
    from footnote.config.commands import evaluation

    report = run(
        load(),
        lambda settings, _: evaluation.evaluate_retrieval(settings, dataset, queries, mode),
        as_json=as_json,
    )
    if as_json:
        print_json(report)
    else:
        evaluation.print_report(report)


@evaluate.command("grounding", short_help="How well unsupported sentences are told from supported ones.")
@click.option(
    "--examples",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="A file of JSON lines.",
)
@as_json_option
def evaluate_grounding(examples: Path, as_json: bool) -> None:
    """How well the check of sentences tells supported answers from hallucinated ones."""
    from footnote.config.commands import evaluation

    report = run(load(), lambda settings, _: evaluation.evaluate_grounding(settings, examples), as_json=as_json)
    if as_json:
        print_json(report)
    else:
        evaluation.print_report(report)


@evaluate.command("answers", short_help="How often answers are right, cited, and held back when they should.")
@dataset_option
@queries_option
@click.option("--model", help="provider:model instead of the one in the settings.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first questions.")
@as_json_option
def evaluate_answers(dataset: Path, queries: Path | None, model: str | None, limit: int | None, as_json: bool) -> None:
    """How often answers hold the right words, cite the right place, and abstain when they should."""
    from footnote.config.commands import evaluation

    report = run(
        load(),
        lambda settings, _: evaluation.evaluate_answers(settings, dataset, queries, model, limit),
        as_json=as_json,
    )
    if as_json:
        print_json(report)
    else:
        evaluation.print_report(report)


@main.command()
@as_json_option
def migrate(as_json: bool) -> None:
    """Bring the store's schema up to date; prints what was done."""
    from footnote.config.commands import maintenance

    report = run(load(), lambda settings, _: maintenance.migrate(settings), as_json=as_json)
    if as_json:
        print_json(report)
    else:
        report.describe(Console())


@main.command("rotate-keys", short_help="Encrypt tenants' keys for providers anew.")
@as_json_option
def rotate_keys(as_json: bool) -> None:
    """Encrypt tenants' keys for providers anew, with the first of FOOTNOTE_ENCRYPTION_KEYS.

    Put the new key first and keep the old one behind it; afterwards the old one can go.
    """
    from footnote.config.commands import maintenance

    report = run(load(), lambda settings, _: maintenance.rotate_keys(settings), as_json=as_json)
    if as_json:
        print_json(report)
    else:
        report.describe(Console())


@main.command("export", short_help="Write everything to a file.")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@as_json_option
def export_(path: Path, as_json: bool) -> None:
    """Write everything to FILE: a backup, or the way to a store of another kind.

    Exporting again after it was cut off goes on where it was.
    """
    from footnote.config.commands.moving import describe_export, export_to

    exported = run(load(), lambda settings, _: export_to(settings, path), as_json=as_json)
    if as_json:
        print_json(exported)
    else:
        click.echo(describe_export(exported))


@main.command("import", short_help="Take in everything from such a file.")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@as_json_option
def import_(path: Path, as_json: bool) -> None:
    """Take in everything from FILE, which `footnote export` wrote, into an empty store.

    Importing the same FILE again does no harm, and goes on where it was cut off.
    """
    from footnote.config.commands.moving import describe_import, import_from

    imported = run(load(), lambda settings, _: import_from(settings, path), as_json=as_json)
    if as_json:
        print_json(imported)
    else:
        for line in describe_import(imported):
            click.echo(line)


@main.command(short_help="Say what is set, what is there, and what is off.")
@as_json_option
def doctor(as_json: bool) -> None:
    """Show settings, versions, stores, models and programs, and say what is off and how to get it."""
    from footnote.config.doctor.examination import examine
    from footnote.config.doctor.rendering import render

    resolved = load()
    report = run(resolved, lambda *_: examine(resolved), as_json=as_json)
    if as_json:
        print_json(report)
    else:
        render(report, Console())
    sys.exit(0 if report.can_run else 1)
