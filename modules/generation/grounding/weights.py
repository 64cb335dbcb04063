"""Constants of the local verifier, by scripts/fit_grounding.py; README.md says on what."""

from footnote.modules.generation.grounding.features import Features

BIAS = -9.674
WEIGHTS = Features(
    coverage=0.000, novel=0.000, anywhere=0.000, rest=0.000, run=3.833, soft=3.392, weakest=0.414, aligned=6.776,
    order=2.307, names=-4.544, numbers=-3.675, echoed=-1.496, slots=-2.536, polarity=-3.781, opposites=-3.370,
    pieces=-2.543, relevance=0.000, repeats=0.000, literal=2.596,
)  # fmt: skip
# Of sentences that repeat their question.
REPEATING_BIAS = -4.357
REPEATING = Features(
    coverage=0.000, novel=0.000, anywhere=1.440, rest=0.000, run=5.796, soft=0.000, weakest=0.088, aligned=0.088,
    order=0.000, names=-1.153, numbers=-0.641, echoed=0.000, slots=0.000, polarity=0.000, opposites=0.000,
    pieces=-0.437, relevance=0.000, repeats=-0.003, literal=0.000,
)  # fmt: skip
THRESHOLD = 0.4
