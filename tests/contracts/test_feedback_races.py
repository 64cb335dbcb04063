"""Feedback that is given while its answer is deleted."""

import pytest
from support.answers import answer
from support.meanwhile import Meanwhile
from support.stores import Store
from support.transactions import committed

from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.feedback.service import FeedbackService
from footnote.platform.events import AnswersDeleted
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

ANN = Principal(tenant="acme", subject="ann")


@pytest.fixture
def meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(store, monkeypatch)


async def test_no_feedback_outlives_its_answer(store: Store, meanwhile: Meanwhile) -> None:
    answers, kept = store.answers(), store.feedback()
    feedback = FeedbackService(kept, answers, store.storage)
    await committed(store.storage, lambda tx: answers.add(tx, ANN, answer("1")))
    meanwhile.after(kept, "remove", lambda: feedback.rate(ANN, "1", 1.0, "Good."))

    async def delete(tx: Transaction) -> None:
        await feedback.forget(tx, AnswersDeleted(tenant="acme", answer_ids=("1",)))
        await answers.delete(tx, "acme", ["1"])

    await committed(store.storage, delete)
    await meanwhile.outcome()
    assert await kept.listed("acme") == []
    with pytest.raises(AnswerNotFound):
        await feedback.rate(ANN, "1", 1.0, "Good.")
