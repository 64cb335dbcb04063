"""Composes how questions are answered."""

import tomllib
from pathlib import Path

import msgspec

from footnote.config.settings import Settings
from footnote.config.stores import Store
from footnote.modules.generation.checking import SentenceChecker
from footnote.modules.generation.confidence import EvidenceJudge
from footnote.modules.generation.manners import QUOTED, quoting, writing
from footnote.modules.generation.pipeline import AnswerPipeline, Limits
from footnote.modules.generation.prompting import Abstentions, Prompts
from footnote.modules.generation.prompting.files import read_abstentions, read_prompts
from footnote.modules.generation.prompting.service import PromptService
from footnote.modules.generation.safeguards import Safeguards
from footnote.modules.generation.scoring import Calibration
from footnote.modules.generation.search_judge import SearchJudge
from footnote.modules.generation.storing import AnswerStore
from footnote.modules.generation.turns import Conversations, NoConversations
from footnote.modules.retrieval import Retriever
from footnote.platform.inference import ChatModels
from footnote.platform.inference.extractive import ExtractiveModel, SentenceRanker
from footnote.platform.safety.safety import Safety

PROMPTS = Path(__file__).with_name("prompts")
CONFIDENCE = Path(__file__).with_name("confidence.toml")
ABSTENTIONS = Path(__file__).with_name("abstentions.toml")


def build_answering(
    settings: Settings,
    retriever: Retriever,
    checker: SentenceChecker,
    answers: AnswerStore,
    models: ChatModels,
    prompts: Prompts,
    ranker: SentenceRanker,
    *,
    conversations: Conversations | None = None,
    safety: Safety | None = None,
) -> AnswerPipeline:
    limits = Limits(
        top_k=settings.answer_top_k,
        max_sentences=settings.answer_max_sentences,
        max_words=settings.answer_max_words,
        abstain_below=settings.abstain_below,
    )
    return AnswerPipeline(
        retriever=retriever,
        checker=checker,
        store=answers,
        models=models,
        prompts=prompts,
        quoting=quoting(EvidenceJudge(ranker, QUOTED), abstain_below=limits.abstain_below),
        writing=writing(SearchJudge()),
        quoters={ExtractiveModel.name},
        limits=limits,
        conversations=conversations or NoConversations(),
        abstentions=read_phrases(),
        calibration=read_calibration(),
        safeguards=Safeguards(safety),
    )


def build_prompts(store: Store) -> PromptService:
    return PromptService(read_prompts(PROMPTS), store.prompts, store.storage, read_phrases())


def read_calibration() -> Calibration:
    return msgspec.convert({"points": tomllib.loads(CONFIDENCE.read_text(encoding="utf-8"))}, Calibration)


def read_phrases() -> Abstentions:
    return Abstentions(read_abstentions(ABSTENTIONS))
