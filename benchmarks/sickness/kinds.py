"""The ways in which trainings are made ill, and what an alert or a diagnosis must say so as to name the cause."""
import re

from . import damage, sagemaker
from .healthy import LINEAR, NETWORK, TREES

GRADIENT, ALL = [LINEAR, NETWORK], [LINEAR, NETWORK, TREES]
# Tables by what their target is.
NUMBERS = "(insurance|diabetes|plane|counts|demand|salary|waves|abalone|mpg)"
# Where columns hardly tell the target, wrong ones are named beside what the run shows.
NOISE = r"LabelNoise|may be wrong"
CLASSES = "(iris|wine|cancer|clouds|credit|digits|brokerage|odds|corners|quality|titanic|penguins)"


class Sickness:
    """`data` makes a table ill, `pair` one to learn from and one to judge by; `options` are more words of the command line."""

    def __init__(self, name, algorithms, settings, pattern, data=None, pair=None, only=None, options=(), incomparable=False, script=None,
                 has_twin=False, wrong_targets=False):
        self.name, self.algorithms, self.settings, self.pattern = name, algorithms, settings, re.compile(pattern)
        self.data, self.pair, self.only, self.options, self.script = data, pair, only, list(options), script
        # The table is well by itself and has a healthy twin of its own: the same rows in another order are other rows to judge by.
        self.has_twin = has_twin
        # What it does is seen on rows whose targets are right.
        self.wrong_targets = wrong_targets
        # A leak that is left out makes the loss worse, and other rows or losses cannot be compared.
        self.is_measured = not (incomparable or pair or script)
        self.sagemaker = sagemaker.right_for(name)


def of_data():
    return [
        Sickness("rows in the order of the target", GRADIENT, {"shuffle": "false"}, r"DataOrder|shuffle=true", damage.order_by_target, has_twin=True),
        Sickness("one feature 100,000 times as wide", GRADIENT, {"normalize_data": "false"}, r"FeatureScale|normalize_data=true", damage.scale_one, only="^(?!.*(digits|salary))"),
        Sickness("one feature far from 0", GRADIENT, {"normalize_data": "false"}, r"normalize_data=true", damage.offset_one, only="^(?!.*(digits|salary))"),
        Sickness("target not normalised", GRADIENT, {"normalize_label": "false"}, r"normalize_label=(true|auto)", only="(insurance|salary)"),
        Sickness("no signal", ALL, {}, r"say nothing|tell nothing|no signal", damage.shuffle_target, only="^(?!.*salary)", incomparable=True),
        Sickness("leak: the target again", ALL, {}, r"Leakage.*status", damage.leak(1), incomparable=True),
        Sickness("leak: right in 99 % of rows", ALL, {}, r"Leakage.*status", damage.leak(0.99), incomparable=True),
        Sickness("leak: right in 80 % of rows", ALL, {}, r"Leakage.*status", damage.leak(0.8), incomparable=True),
        Sickness("leak: right in 90 % of rows", ALL, {}, r"Leakage.*status", damage.leak(0.9), incomparable=True),
        Sickness("leak: right in 80 %, coded", ALL, {}, r"Leakage.*grade", damage.renamed_leak(0.8, "coded"), incomparable=True),
        Sickness("leak: right in 80 %, numbered", ALL, {}, r"Leakage.*grade", damage.renamed_leak(0.8, "numbered"), incomparable=True),
        Sickness("leak: right in 90 %, worded", ALL, {}, r"Leakage.*grade", damage.renamed_leak(0.9, "worded"), incomparable=True),
        Sickness("leak: coded, with gaps", ALL, {}, r"Leakage.*grade", damage.leak_with_gaps, incomparable=True),
        Sickness("leak: in other units", ALL, {}, r"Leakage.*(ward|invoice)", damage.leak_in_other_units, incomparable=True),
        Sickness("leak: whether there is a value", ALL, {}, r"Leakage.*closed_on", damage.leak_by_presence, incomparable=True),
        Sickness("leak: parts of a sum", ALL, {}, r"Leakage.*(first_part|second_part)", damage.parts, only=NUMBERS, incomparable=True),
        Sickness("rows numbered in the target's order", ALL, {}, r"PredictiveIdentifier|Leakage.*record_id", damage.numbered_in_order, options=["--keep", "record_id"], incomparable=True),
        Sickness("every row twice", ALL, {}, r"SplitOverlap", damage.twice, only="^(?!.*(titanic|odds|digits))", incomparable=True),
        Sickness("rows that judge are copies", ALL, {}, r"SplitOverlap", pair=damage.copies, only="^(?!.*(titanic|odds|digits))", incomparable=True),
        Sickness("rows that judge in other units", ALL, {}, r"DataShift", pair=damage.other_units, only="^(?!.*(digits|salary))", incomparable=True),
        Sickness("rows that judge have drifted", ALL, {}, r"DataShift", pair=damage.drifted, only="^(?!.*(digits|salary))", incomparable=True),
        Sickness("two columns exchanged in rows that judge", ALL, {}, r"DataShift", pair=damage.exchanged, only="(iris|wine|cancer|insurance|brokerage|mpg|penguins|abalone)", incomparable=True),
        Sickness("other outcomes in rows that judge", ALL, {}, r"DataShift", pair=damage.other_outcomes, only="^(?!.*(salary|credit|digits))", incomparable=True),
        Sickness("rows that judge have wrong labels", ALL, {}, r"of another kind|say nothing|tell nothing", pair=damage.judged_at_random, only="^(?!.*salary)", incomparable=True),
        Sickness("-999 for missing", GRADIENT, {}, r"SentinelValues", damage.code("-999", 0.05), only="^(?!.*(digits|salary))"),
        Sickness("9999 for missing", GRADIENT, {}, r"SentinelValues", damage.code("9999", 0.03), only="^(?!.*(digits|salary))"),
        Sickness("one value beyond all others", GRADIENT, {}, r"Outliers", damage.outlier, only="^(?!.*(digits|salary))"),
        Sickness("three targets beyond all others", ALL, {}, r"Outliers", damage.target_outliers, only=NUMBERS, incomparable=True),
        Sickness("five rows of one class", ALL, {}, r"RareClass|rare", damage.rare, only="(cancer|credit|odds|brokerage|titanic)", incomparable=True),
        Sickness("classes learned as a number", ALL, {}, r"TargetKind", only="(digits|quality)", options=["--task", "regression"], incomparable=True),
        Sickness("a number learned as classes", ALL, {}, r"TargetKind", only="(diabetes|counts|abalone)", options=["--task", "classification"], incomparable=True),
        Sickness("half of the labels wrong", ALL, {}, r"label|noise|may be wrong|say nothing|tell nothing", damage.flipped(0.5), only="^(?!.*salary)", incomparable=True, wrong_targets=True),
        Sickness("labels: 10 % of another row", ALL, {}, NOISE, damage.flipped(0.1), only="^(?!.*salary)", incomparable=True, wrong_targets=True),
        Sickness("labels: 20 % of another row", ALL, {}, NOISE, damage.flipped(0.2), only="^(?!.*salary)", incomparable=True, wrong_targets=True),
        Sickness("labels: 40 % of another row", ALL, {}, NOISE, damage.flipped(0.4), only="^(?!.*salary)", incomparable=True, wrong_targets=True),
        Sickness("labels: 10 % of another class", ALL, {}, NOISE, damage.relabelled(0.1), only=CLASSES, incomparable=True, wrong_targets=True),
        Sickness("labels: 20 % of another class", ALL, {}, NOISE, damage.relabelled(0.2), only=CLASSES, incomparable=True, wrong_targets=True),
        Sickness("labels: rows again, with another class", ALL, {}, NOISE, damage.contradicted, only="(iris|wine|cancer|clouds|credit|brokerage|odds|corners|quality)", incomparable=True, wrong_targets=True),
        Sickness("targets: one in thirty ten times as large", ALL, {}, NOISE, damage.in_wrong_units(10), only="(insurance|diabetes|demand|mpg|abalone)", incomparable=True, wrong_targets=True),
        Sickness("targets: one in thirty in thousandths", ALL, {}, NOISE, damage.in_wrong_units(0.001), only="(insurance|diabetes|demand|mpg|abalone)", incomparable=True, wrong_targets=True),
        Sickness("targets: one in thirty a thousand times as large", ALL, {}, NOISE + "|Outliers", damage.in_wrong_units(1000), only="(insurance|diabetes|demand|mpg|abalone)", incomparable=True, wrong_targets=True),
        Sickness("targets: one in thirty with the sign turned", ALL, {}, NOISE, damage.in_wrong_units(-1), only="(insurance|diabetes|demand|mpg|abalone)", incomparable=True, wrong_targets=True),
        Sickness("thirty rows", [NETWORK, TREES], {"early_stopping_patience": "off"}, r"Overfit|by heart|few rows", damage.few, only="^(?!.*(salary|digits))", incomparable=True),
    ]


def of_settings():
    return [
        Sickness("rate 100 times too large", GRADIENT, {"learning_rate": "30"}, r"learning_rate is 30|lower the learning rate|steps are too large"),
        Sickness("rate 1,000 times too small", GRADIENT, {"learning_rate": "1e-6"}, r"learning_rate is 1e-0?6|larger learning rate"),
        Sickness("momentum 0.999", [NETWORK], {"optimizer": "sgd", "learning_rate": "0.1", "momentum": "0.999"}, r"momentum"),
        Sickness("beta 1 of 0.9999", GRADIENT, {"beta_1": "0.9999"}, r"beta_1"),
        Sickness("beta 2 of 0", [NETWORK], {"beta_2": "0", "learning_rate": "0.3"}, r"beta_2|learning_rate is"),
        Sickness("l1 far too strong", GRADIENT, {"l1": "10"}, r"\bl1\b"),
        Sickness("wd far too strong", GRADIENT, {"wd": "100"}, r"\bwd\b"),
        Sickness("weight decay far too strong", [NETWORK], {"weight_decay": "100"}, r"weight_decay"),
        Sickness("dropout 0.98", [NETWORK], {"dropout": "0.98"}, r"dropout"),
        Sickness("label smoothing 0.95", [NETWORK], {"label_smoothing": "0.95"}, r"label_smoothing", only=CLASSES),
        Sickness("noise on the features", [NETWORK], {"augment_noise": "50"}, r"augment_noise"),
        Sickness("gradients cut to nothing", [NETWORK], {"optimizer": "sgd", "gradient_clip": "1e-7"}, r"gradient_clip"),
        Sickness("one hidden unit", [NETWORK], {"hidden_layers": "1,1,1"}, r"hidden_layers"),
        Sickness("ten sigmoid layers", [NETWORK], {"hidden_layers": ",".join(["16"] * 10), "activation": "sigmoid"}, r"activation|anish|sigmoid|hidden_layers"),
        Sickness("sixteen tanh layers, no scaling", [NETWORK], {"hidden_layers": ",".join(["16"] * 16), "activation": "tanh", "normalize_data": "false"}, r"normalize_data|aturat|hidden_layers", only="(wine|cancer|insurance|mpg|abalone)"),
        Sickness("units that die", [NETWORK], {"optimizer": "sgd", "learning_rate": "3", "activation": "relu"}, r"learning_rate is 3|ead|lower the learning rate|steps are too large"),
        Sickness("a rate that falls at once", [NETWORK], {"lr_scheduler": "step", "lr_scheduler_step": "1", "lr_scheduler_factor": "0.1"}, r"lr_scheduler"),
        Sickness("a warm-up that never ends", [NETWORK], {"warmup_steps": "10000000"}, r"warmup_steps"),
        Sickness("stopped at the first bad evaluation", [NETWORK], {"early_stopping_patience": "1", "early_stopping_tolerance": "0.5", "epochs": "60"}, r"early_stopping"),
        Sickness("two epochs only", GRADIENT, {"epochs": "2", "learning_rate": "0.001"}, r"StillImproving|epochs"),
        Sickness("all rows in one batch, few epochs", GRADIENT, {"mini_batch_size": "100000", "epochs": "5", "learning_rate": "0.001"}, r"mini_batch_size|epochs|learning_rate"),
        Sickness("no intercept", [LINEAR], {"use_bias": "false", "normalize_label": "false", "unbias_label": "false"}, r"use_bias|normalize_label", only="(insurance|diabetes|salary|mpg|demand)"),
        Sickness("weights that begin at 1,000", [LINEAR], {"init_method": "normal", "init_sigma": "1000"}, r"init_sigma"),
        Sickness("insensitive to errors", [LINEAR], {"loss": "eps_insensitive_absolute_loss", "loss_insensitivity": "1000000"}, r"loss_insensitivity", only="insurance"),
        Sickness("no penalty, much room", [NETWORK], {"hidden_layers": "512,512", "dropout": "0", "weight_decay": "0", "epochs": "80", "early_stopping_patience": "off"}, r"Overfit", only="(diabetes|wine|iris|cancer)"),
        Sickness("deep trees, no penalty", [TREES], {"max_depth": "20", "lambda": "0", "min_child_weight": "0", "num_round": "200", "early_stopping_patience": "off"}, r"Overfit", only="(insurance|diabetes|mpg|abalone)"),
        Sickness("eta far too small", [TREES], {"eta": "0.0001"}, r"\beta\b"),
        Sickness("eta 30 times too large", [TREES], {"eta": "1", "max_depth": "12", "lambda": "0", "early_stopping_patience": "off"}, r"\beta\b|max_depth|lambda|Overfit", only="(insurance|diabetes|plane|abalone|waves|mpg)"),
        Sickness("lambda far too strong", [TREES], {"lambda": "1000000"}, r"lambda"),
        Sickness("alpha far too strong", [TREES], {"alpha": "1e8"}, r"alpha"),
        Sickness("gamma far too strong", [TREES], {"gamma": "1e15"}, r"gamma"),
        Sickness("leaves far too large", [TREES], {"min_child_weight": "100000"}, r"min_child_weight"),
        Sickness("steps of trees cut to nothing", [TREES], {"max_delta_step": "1e-6"}, r"max_delta_step"),
        Sickness("each tree sees one row in 500", [TREES], {"subsample": "0.002"}, r"subsample"),
        Sickness("two trees", [TREES], {"num_round": "2", "eta": "0.1"}, r"num_round"),
        Sickness("one positive counts for a million", [LINEAR], {"positive_example_weight_mult": "1000000"}, r"positive_example_weight_mult", only="(cancer|credit|odds|brokerage|titanic)"),
        Sickness("positives count for a million", [TREES], {"scale_pos_weight": "1000000"}, r"scale_pos_weight", only="(cancer|credit|odds|brokerage|titanic)"),
    ]


def of_scripts():
    """Of scripts only losses are told: what is wrong inside of them is for rules that see tensors."""
    step = r"overshoot|steps are too large|learning rate|lr\b"
    return [
        Sickness(name, [], {}, pattern, script=flaw) for name, flaw, pattern in [
            ("script: the gradient's sign turned", "ascent", r"climb|grows|steps are too large|sign"),
            ("script: gradients never zeroed", "accumulate", r"zero_grad|accumulat|" + step),
            ("script: rate far too large", "rate-large", step),
            ("script: rate far too small", "rate-small", r"larger|too small|learning rate"),
            ("script: rows sorted, never shuffled", "sorted", r"shuffle|order"),
            ("script: softmax twice", "softmax-twice", r"softmax|logits|probabilit"),
            ("script: layers frozen", "frozen", r"frozen|unchanged|never change"),
            ("script: labels of the judging rows shifted by one", "label-shift", r"label|of another kind|by heart|Overfit"),
            ("script: input never scaled", "unscaled", r"scale|normalis"),
            ("script: dropout while judging", "dropout-judging", r"dropout|eval"),
            ("script: weights begin at 0", "zero-start", r"initial|begin|zero|unchanged|DeadRelu|AllZero"),
            ("script: weights begin at 100", "large-start", r"initial|begin|explod|overshoot|too large"),
            ("script: sigmoids ten deep", "vanishing", r"anish|sigmoid|activation|saturat"),
            ("script: the optimiser never steps", "no-step", r"step\(\)|unchanged|frozen|too small|optimi"),
            ("script: labels at random", "random-labels", r"nothing about|say nothing|tell nothing|labels"),
            ("script: no penalty, forty rows", "by-heart", r"Overfit|by heart"),
            ("script: a logarithm of 0", "log-zero", r"NonFinite|not a number|infinite"),
        ]
    ]


#: Flaws of loader_script.py, which nobody looked at while thresholds were set but for seed 0: name, flaw, tasks, pattern.
def of_loaders():
    step = r"overshoot|steps are too large|learning rate|lr\b"
    every, of_tables, of_classes = ["regression", "binary", "images", "sequence"], ["regression", "binary"], ["images", "sequence"]
    return [
        Sickness(f"{task}: {name}", [], {}, pattern, script=f"{task} {flaw}") for name, flaw, tasks, pattern in [
            ("batch norm and dropout while judging", "never-eval", ["images"], r"eval"),
            ("model.train() never again", "eval-for-ever", ["images", "regression"], r"train\(\)|evaluation mode"),
            ("schedule stepped each batch", "schedule", every, r"schedule"),
            ("another model's parameters", "other-model", every, r"another model|has none of"),
            ("only the head has an optimizer", "left-out", ["regression", "images"], r"no optimi[sz]er has|give them to"),
            ("features detached", "detached", ["regression", "images"], r"detach|no gradient"),
            ("body frozen at random", "frozen", ["regression", "sequence"], r"frozen"),
            ("targets spread over all rows", "broadcast", ["regression"], r"shape|broadcast|spread"),
            ("loss summed, not averaged", "summed", ["regression"], r"summed|averag"),
            ("a NaN among the rows", "nan-data", ["regression", "binary"], r"hold NaN|not finite.*rows|rows are fed"),
            ("a NaN among the targets", "nan-labels", ["regression"], r"labels are NaN|NonFiniteRows"),
            ("sigmoid before the logits' loss", "sigmoid-logits", ["binary"], r"sigmoid|logits"),
            ("softmax before the logits' loss", "softmax", of_classes, r"softmax|logits"),
            ("nll_loss of scores", "nll-scores", of_classes, r"log_softmax|logarithm"),
            ("gradients never zeroed", "no-zero", every, r"zero_grad"),
            ("gradients zeroed before the step", "zero-before-step", every, r"zero_grad|without gradients"),
            ("never a step", "no-step", every, r"step\(\)|never steps"),
            ("weight decay of 50", "decay", ["regression", "images"], r"decay"),
            ("gradients clipped to 1e-6", "clip", of_tables, r"clip"),
            ("judged on another scale", "judged-scale", ["regression", "images"], r"normalis|JudgedInputs"),
            ("images fed as 0 to 255", "bytes", ["images"], r"255|normalis"),
            ("columns on unlike scales", "raw", of_tables, r"normalis|scale"),
            ("rate far too large", "rate-large", every, step),
            ("rate far too small", "rate-small", every, r"too small|larger|learning rate"),
            ("dropout of 0.95", "dropout", ["regression", "images"], r"dropout"),
            ("loss climbed", "ascent", every, r"sign|climb"),
            ("the first batch again and again", "same-batch", every, r"same .* rows|by heart|Overfit"),
            ("rows sorted", "sorted", every, r"shuffle|order"),
            ("weights 60 times too large", "init-large", ["regression", "binary"], r"begin|initial|too large"),
            ("weights all alike", "init-alike", ["regression", "binary"], r"begin|initial|alike"),
            ("labels at random", "random", ["binary", "sequence"], r"nothing about|say nothing|tell nothing|labels"),
        ] for task in tasks
    ]


#: Tasks of loader_script.py and script.py that are well.
HEALTHY_SCRIPTS = ["regression none", "binary none", "images none", "sequence none", "regression file-order", "binary file-order",
                   "images file-order", "sequence file-order", "regression no-guard", "images no-guard", "sequence no-guard", "well"]


def all_kinds():
    return of_data() + of_settings() + of_scripts() + of_loaders()
