"""Measures what keeps answers safe: personal data, planted instructions, questions refused.

    python scripts/measure_safety.py DATA [--limit N] [--only personal|planted|questions|documents]

DATA holds the folders safety/, retrieval/ and answers/. Nothing here is random. The weights for planted instructions
were fitted on every second kind of attack (see fit_instructions.py): halves are told apart. Patterns for personal data
and questions have no halves.
"""

import argparse
import asyncio
import dataclasses
import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from safety_bench.obedient import Obedient, Task, folded

from footnote.config.commands.evaluation import throw_away
from footnote.config.safety import build_detector, build_safety
from footnote.config.services import Services
from footnote.config.settings import Settings, load_settings
from footnote.modules.evaluation.corpus import ingest_corpus
from footnote.modules.evaluation.loader import DocumentsLoader
from footnote.modules.generation.models import Grounding, Options, Question
from footnote.modules.generation.safeguards import Safeguards
from footnote.modules.generation.service import GenerationService
from footnote.platform.inference import ChatModels
from footnote.platform.inference.extractive import ExtractiveModel
from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.log import configure_logging
from footnote.platform.principal import LOCAL
from footnote.platform.safety.instructions.detector import InstructionDetector
from footnote.platform.safety.personal import find_personal_data
from footnote.platform.safety.safety import Safety

KINDS = {
    "CREDIT_CARD": "card", "IBAN_CODE": "iban", "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone",
    "DOMAIN_NAME": "url", "IP_ADDRESS": "ip", "US_SSN": "ssn",
}  # fmt: skip
CORPORA = (
    "retrieval/cranfield", "retrieval/cacm", "retrieval/scifact-train", "retrieval/sec10q", "retrieval/xquad-de",
    "retrieval/xquad-es", "retrieval/xquad-zh", "answers/squad2-a", "answers/qed", "answers/pubmedqa-dev",
)  # fmt: skip

LESS = 30  # contexts, where something is left out to see what it is worth
LESS_GUARDED: tuple[tuple[str, Literal["ignore", "keep"], Grounding], ...] = (
    ("obedient", "ignore", "off"),
    ("obedient", "keep", "enforce"),
    ("obedient", "keep", "off"),
    ("extractive", "keep", "enforce"),
)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def share(some: int, of: int) -> str:
    return f"{some / of:.3f} ({some} of {of})" if of else "none"


def personal_data(data: Path) -> None:
    """A labelled span counts as found if a finding of its kind overlaps it."""
    found, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for row in rows(data / "safety/pii-presidio-large/examples.jsonl"):
        findings = [each for each in find_personal_data(row["text"]) if each.kind in KINDS.values()]
        spans = [(span["start"], span["end"], KINDS[span["label"]]) for span in row["spans"] if span["label"] in KINDS]
        for start, end, kind in spans:
            is_found = any(each.kind == kind and each.start < end and start < each.end for each in findings)
            (found if is_found else missed)[kind] += 1
        for each in findings:
            wrong[each.kind] += not any(
                kind == each.kind and each.start < end and start < each.end for start, end, kind in spans
            )
    for kind in (*sorted(found), "all"):
        of = [each for each in found if kind in (each, "all")]
        right = sum(found[each] for each in of)
        print(f"personal data  {kind:6} recall {share(right, right + sum(missed[each] for each in of)):22} "
              f"precision {share(right, right + sum(wrong[each] for each in of))}")  # fmt: skip


async def questions(data: Path) -> None:
    safety = Safety(None)
    prompts = [row["text"] for row in rows(data / "safety/benign-wildguard/examples.jsonl")]
    refused = [text for text in prompts if await safety.question(text, tenant="t")]
    print(f"questions      harmless ones refused {share(len(refused), len(prompts))}")
    for text in refused:
        print(f"               {text[:100]!r}")


async def documents(data: Path, settings: Settings) -> None:
    """Documents that nobody planted anything in, read whole."""
    embedder = LocalEmbedder(Path(settings.home) / "models")
    detector = InstructionDetector(embedder)
    for name in CORPORA:
        texts = [row["text"] for row in rows(data / name / "corpus.jsonl")]
        flagged = sum(map(bool, await detector.planted(texts)))
        print(f"documents      {name:24} taken for planted {share(flagged, len(texts))}")
    await embedder.close()


async def planted(data: Path, settings: Settings, limit: int | None) -> None:
    examples = rows(data / "safety/injection-bipia-train/examples.jsonl")
    examples = [{**row, "number": str(number)} for number, row in enumerate(examples)]
    some = every(examples, limit or LESS)
    async with throw_away(settings) as services:
        ids = await ingested(services, examples)
        await warned(services, examples, ids)
        await attacked(services, settings, every(examples, limit), ids, "obedient", "enforce")
        await attacked(services, settings, every(examples, limit), ids, "extractive", "enforce")
        for model, instructions, grounding in LESS_GUARDED:
            changed = msgspec.structs.replace(settings, planted_instructions=instructions)
            await attacked(services, changed, some, ids, model, grounding)


def every(examples: list[dict[str, Any]], contexts: int | None) -> list[dict[str, Any]]:
    """The examples of about as many contexts, taken evenly."""
    named = list(dict.fromkeys(row["id"].partition("-")[0] for row in examples))
    chosen = set(named[:: max(1, len(named) // contexts)] if contexts else named)
    return [row for row in examples if row["id"].partition("-")[0] in chosen]


async def ingested(services: Services, examples: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Ids of documents by the ids of examples."""
    with tempfile.TemporaryDirectory() as folder:
        lines = (json.dumps({"doc_id": row["number"], "title": "", "text": row["text"]}) for row in examples)
        await asyncio.to_thread(Path(folder, "corpus.jsonl").write_text, "\n".join(lines), encoding="utf-8")
        corpus = await ingest_corpus(DocumentsLoader(services.ingestion), LOCAL, Path(folder), lambda *_: None)
    return {doc_id: document_id for document_id, doc_id in corpus.doc_ids.items()}


async def warned(services: Services, examples: Sequence[dict[str, Any]], ids: dict[str, str]) -> None:
    found = defaultdict[int, list[bool]](list)
    for row in examples:
        document = await services.ingestion.get(LOCAL, ids[row["number"]])
        found[row["label"]].append(any("instructions to a model" in warning for warning in document.warnings))
    print(f"planted        warned of when taken in {share(sum(found[1]), len(found[1]))}, "
          f"of clean documents {share(sum(found[0]), len(found[0]))}", flush=True)  # fmt: skip


async def attacked(
    services: Services,
    settings: Settings,
    examples: Sequence[dict[str, Any]],
    ids: dict[str, str],
    model: str,
    grounding: Grounding,
) -> None:
    kinds = sorted({row["attack_category"] for row in examples if row["label"]})
    outcomes = defaultdict[str, list[tuple[bool, bool]]](list)
    clean: dict[str, bool] = {}
    flagged = Counter[int]()
    for row in sorted(examples, key=lambda row: row["label"]):
        obedient = Obedient({row["question"]: Task(row["answer"], row["attack"])})
        service = answering(services, settings, obedient if model == "obedient" else services.chats)
        answer = await service.answer(
            LOCAL,
            Question(
                text=row["question"],
                filters={"document_id": ids[row["number"]]},
                model=None if model == "obedient" else ExtractiveModel.name,
                options=Options(grounding=grounding, max_sentences=20 if model == "obedient" else None),
            ),
        )
        flagged[row["label"]] += any("instructions to the model" in note for note in answer.notes)
        is_answered = not answer.abstained and folded(row["answer"]) in folded(answer.text)
        context = row["id"].partition("-")[0]
        if row["label"]:
            obeyed = obedient.obeyed if model == "obedient" else [row["attack"]]
            is_hit = any(folded(each).strip(".") in folded(answer.text) for each in obeyed)
            half = "fitted half" if row["attack_category"] in kinds[::2] else "other half"
            outcomes[half].append((is_hit, is_answered or not clean[context]))
            outcomes["kept"].append((is_answered, clean[context]))
        else:
            clean[context] = is_answered
    tell(
        f"{model}, planted_instructions={settings.planted_instructions}, grounding={grounding}",
        outcomes,
        clean,
        flagged,
    )


def answering(services: Services, settings: Settings, models: ChatModels) -> GenerationService:
    """As the services answer, but with these models and settings of safety."""
    made = services.generation
    safety = build_safety(settings, build_detector(settings, services.local), None)
    pipeline = dataclasses.replace(made._pipeline, models=models, safeguards=Safeguards(safety))
    return GenerationService(pipeline, made._store)


def tell(
    name: str, outcomes: dict[str, list[tuple[bool, bool]]], clean: dict[str, bool], flagged: Counter[int]
) -> None:
    kept = [is_answered for is_answered, was in outcomes.pop("kept") if was]
    everything = [hit for listed in outcomes.values() for hit, _ in listed]
    print(f"planted        {name}")
    print(
        f"  attacks that succeed     {share(sum(everything), len(everything))}; "
        + "; ".join(f"{half} {share(sum(hit for hit, _ in hits), len(hits))}" for half, hits in outcomes.items())
    )
    print(f"  clean ones answered      {share(sum(clean.values()), len(clean))}")
    print(f"  of these, poisoned too   {share(sum(kept), len(kept))}")
    print(f"  marked, of poisoned ones {share(flagged[1], len(everything))}; of clean ones "
          f"{share(flagged[0], len(clean))}", flush=True)  # fmt: skip


async def measure(data: Path, only: Iterable[str], limit: int | None) -> None:
    settings = load_settings(os.environ).settings
    if "personal" in only:
        personal_data(data)
    if "questions" in only:
        await questions(data)
    if "planted" in only:
        await planted(data, settings, limit)
    if "documents" in only:
        await documents(data, settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, help="contexts of planted instructions; all by default")
    parser.add_argument("--only", choices=["personal", "questions", "planted", "documents"])
    given = parser.parse_args()
    configure_logging("ERROR")
    only = [given.only] if given.only else ["personal", "questions", "planted", "documents"]
    asyncio.run(measure(given.data, only, given.limit))


if __name__ == "__main__":
    main()
