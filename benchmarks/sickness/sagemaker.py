"""SageMaker Debugger's built-in rules beside ours: which of them is there for which sickness, said generously."""
import os
import re

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sagemaker.rules")
with open(RULES) as _lines:
    NAMES = {re.split(r"[(\s]", line)[0] for line in _lines if line[0] not in "#\n"}

_LOSS = "sagemaker.LossNotDecreasing"
#: Patterns of sicknesses' names with the rules that a user of SageMaker would be led to the cause by; the first that matches holds.
_RIGHT = [
    (r"classes exchanged|^leak|numbered in the target", {"FeatureImportanceOverweight"}),
    (r"one positive counts|positives count|five rows of one class", {"ClassImbalance"}),
    (r"thirty rows|no penalty|deep trees|by heart|forty rows", {"sagemaker.Overfit", "Overtraining", "TreeDepth"}),
    (r"eta 30 times", {"sagemaker.Overfit", "TreeDepth", _LOSS}),
    (r"rate (100|far too large)|beta 2|momentum|sign turned|never zeroed", {_LOSS, "ExplodingTensor", "WeightUpdateRatio"}),
    (r"rate (1,000|far too small)|eta far too small|falls at once|warm-up|gradients cut|never steps", {_LOSS, "WeightUpdateRatio", "UnchangedTensor"}),
    (r"frozen", {"UnchangedTensor"}),
    (r"begin at", {"PoorWeightInitialization", "AllZero"}),
    (r"units that die", {"DeadRelu"}),
    (r"sigmoid|tanh", {"VanishingGradient", "SaturatedActivation"}),
    (r"logarithm of 0", {"ExplodingTensor"}),
    (r"far too strong|far too large|cut to nothing|insensitive|one row in 500|label smoothing|dropout 0.98|noise on|one hidden", {_LOSS}),
    (r"one feature|not normalised|never scaled", {"PoorWeightInitialization", _LOSS, "ExplodingTensor"}),
    (r"order of the target|rows sorted", {_LOSS}),
    (r"no signal|at random|labels wrong|wrong labels|shifted by one|softmax twice|dropout while", {_LOSS, "sagemaker.Overfit"}),
    (r"rows that judge|other outcomes", {"sagemaker.Overfit"}),
]


def right_for(name):
    return next((rules for pattern, rules in _RIGHT if re.search(pattern, name)), set())
