"""Constants of the local verifier, by scripts/fit_grounding.py; README.md says on what."""

from footnote.modules.generation.grounding.features import Features

BIAS = -3.017
WEIGHTS = Features(
    coverage=0.000, novel=0.000, anywhere=0.000, rest=0.000, run=3.630, soft=3.422, weakest=0.000, aligned=6.581,
    order=2.853, names=-4.370, numbers=-3.667, echoed=-1.390, slots=-2.182, polarity=-3.635, opposites=-3.187,
    pieces=-2.138, relevance=0.000, asked=-6.640, repeats=0.000, literal=2.666,
)  # fmt: skip
# Of sentences that repeat their question.
REPEATING_BIAS = -5.053
REPEATING = Features(
    coverage=0.000, novel=0.000, anywhere=1.772, rest=0.000, run=5.685, soft=0.797, weakest=0.479, aligned=0.000,
    order=0.000, names=-0.938, numbers=-0.346, echoed=-0.001, slots=0.000, polarity=0.000, opposites=0.000,
    pieces=-0.476, relevance=0.000, asked=0.002, repeats=0.002, literal=0.000,
)  # fmt: skip
THRESHOLD = 0.5
