"""Reports of evaluations, for people."""

import pytest

from footnote.config.commands.evaluation import print_report
from footnote.modules.evaluation.models import GroundingMetrics, GroundingReport

METRICS = GroundingMetrics(auroc=None, f1=0.5, precision=None, recall=0.25, balanced_accuracy=None, ece=None)


def test_what_was_not_measured_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    speed = {"examples_per_second": 2.0, "sentences_per_second": 4.0}
    print_report(GroundingReport(metrics=METRICS, threshold=0.5, examples=3, sentences=6, **speed))
    told = dict(line.strip().rsplit(maxsplit=1) for line in capsys.readouterr().out.strip().splitlines())
    assert (told["metrics auroc"], told["metrics f1"], told["examples"]) == ("-", "0.500", "3")
